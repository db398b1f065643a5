package dev.warren.broker.rabbitmq.store;

import org.apache.qpid.server.model.ConfiguredObject;
import org.apache.qpid.server.model.VirtualHost;
import org.apache.qpid.server.model.VirtualHostNode;
import org.apache.qpid.server.store.berkeleydb.BDBConfigurationStore;
import org.jspecify.annotations.Nullable;

/**
 * Qpid's disk store, with tables of our own in the same files: what is written to them is
 * on the disk before anything that is written to the others later.
 */
class QpidDiskStore extends BDBConfigurationStore {

	QpidDiskStore() {
		super(VirtualHost.class);
	}

	/**
	 * The store of a virtual host; null if it is kept in memory.
	 */
	static @Nullable QpidDiskStore of(VirtualHost<?> virtualHost) {
		ConfiguredObject<?> node = virtualHost.getParent();
		return (node instanceof VirtualHostNode<?> parent
				&& parent.getConfigurationStore() instanceof QpidDiskStore store) ? store : null;
	}

	RecordTable table(String name) {
		return new RecordTable(this, "RABBITMQ_" + name);
	}

}
