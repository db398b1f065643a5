package dev.warren.broker.rabbitmq.store;

import org.apache.qpid.server.model.ConfiguredObject;
import org.apache.qpid.server.model.VirtualHost;
import org.apache.qpid.server.model.VirtualHostNode;
import org.apache.qpid.server.store.ConfiguredObjectRecord;
import org.apache.qpid.server.store.berkeleydb.BDBConfigurationStore;
import org.apache.qpid.server.store.handler.ConfiguredObjectRecordHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Qpid's disk store, with tables of our own in the same files: what is written to them is
 * on the disk before anything that is written to the others later.
 */
class QpidDiskStore extends BDBConfigurationStore {

	private static final Logger logger = LoggerFactory.getLogger(QpidDiskStore.class);

	private static final byte[] CLOSED = { 'c', 'l', 'o', 's', 'e', 'd' };

	private final RecordTable state = new RecordTable(this, "RABBITMQ_STATE");

	private final RecordTable bindings = new RecordTable(this, "RABBITMQ_BINDINGS");

	private final RecordTable deliveries = new RecordTable(this, "RABBITMQ_DELIVERIES");

	private boolean killed;

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

	RecordTable bindings() {
		return this.bindings;
	}

	RecordTable deliveries() {
		return this.deliveries;
	}

	/**
	 * Whether whoever had the store before us ended without closing it.
	 */
	boolean wasKilled() {
		return this.killed;
	}

	@Override
	public boolean openConfigurationStore(ConfiguredObjectRecordHandler handler,
			ConfiguredObjectRecord... initialRecords) {
		this.killed = !this.state.contains(CLOSED);
		if (!this.killed) {
			this.state.removeSafely(CLOSED);
		}
		return super.openConfigurationStore(handler, initialRecords);
	}

	@Override
	public void closeConfigurationStore() {
		if (isOpen()) {
			try {
				this.state.putSafely(CLOSED, new byte[0]);
			}
			catch (RuntimeException ex) {
				logger.warn("The next broker will take this one for killed", ex);
			}
		}
		super.closeConfigurationStore();
	}

}
