package dev.warren.broker.rabbitmq.store;

import java.util.Map;

import org.apache.qpid.server.model.AbstractConfiguredObjectTypeFactory;
import org.apache.qpid.server.model.Broker;
import org.apache.qpid.server.model.ConfiguredObject;
import org.apache.qpid.server.virtualhostnode.berkeleydb.BDBVirtualHostNodeImpl;

/**
 * Makes the nodes of our type. Qpid finds it as a service.
 */
public final class QpidDiskNodeFactory extends AbstractConfiguredObjectTypeFactory<BDBVirtualHostNodeImpl> {

	@SuppressWarnings("unchecked")
	public QpidDiskNodeFactory() {
		super((Class<BDBVirtualHostNodeImpl>) (Class<?>) QpidDiskNode.class);
	}

	@Override
	protected BDBVirtualHostNodeImpl createInstance(Map<String, Object> attributes, ConfiguredObject<?> parent) {
		return new QpidDiskNode(attributes, (Broker<?>) parent);
	}

}
