package dev.warren.broker.rabbitmq.store;

import java.util.Map;

import org.apache.qpid.server.model.Broker;
import org.apache.qpid.server.model.ManagedObject;
import org.apache.qpid.server.store.DurableConfigurationStore;
import org.apache.qpid.server.virtualhostnode.berkeleydb.BDBVirtualHostNodeImpl;

/**
 * Keeps a virtual host on disk, with Qpid's Berkeley DB store and with what we add to it.
 */
@ManagedObject(category = false, type = QpidDiskNode.TYPE,
		validChildTypes = "org.apache.qpid.server.virtualhostnode.berkeleydb.BDBVirtualHostNodeImpl"
				+ "#getSupportedChildTypes()")
public class QpidDiskNode extends BDBVirtualHostNodeImpl {

	/** The type of node to ask Qpid for. */
	public static final String TYPE = "rabbitmq-disk";

	QpidDiskNode(Map<String, Object> attributes, Broker<?> broker) {
		super(attributes, broker);
	}

	@Override
	protected DurableConfigurationStore createConfigurationStore() {
		return new QpidDiskStore(getStorePath(), this::stopBroker);
	}

	/**
	 * A broker that cannot keep anything is better none: its clients see that it is gone.
	 */
	private void stopBroker() {
		getParent().getParent().closeAsync();
	}

}
