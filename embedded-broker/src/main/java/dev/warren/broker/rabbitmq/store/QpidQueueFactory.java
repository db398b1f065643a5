package dev.warren.broker.rabbitmq.store;

import java.util.Map;

import org.apache.qpid.server.model.AbstractConfiguredObjectTypeFactory;
import org.apache.qpid.server.model.ConfiguredObject;
import org.apache.qpid.server.queue.StandardQueueImpl;
import org.apache.qpid.server.virtualhost.QueueManagingVirtualHost;

/**
 * Makes the queues of our type. Qpid finds it as a service.
 */
public final class QpidQueueFactory extends AbstractConfiguredObjectTypeFactory<StandardQueueImpl> {

	@SuppressWarnings("unchecked")
	public QpidQueueFactory() {
		super((Class<StandardQueueImpl>) (Class<?>) QpidQueue.class);
	}

	@Override
	protected StandardQueueImpl createInstance(Map<String, Object> attributes, ConfiguredObject<?> parent) {
		return new QpidQueue(attributes, (QueueManagingVirtualHost<?>) parent);
	}

}
