package dev.warren.broker.rabbitmq.store;

import java.util.Map;

import org.apache.qpid.server.model.AbstractConfiguredObjectTypeFactory;
import org.apache.qpid.server.model.ConfiguredObject;
import org.apache.qpid.server.virtualhost.QueueManagingVirtualHost;

/**
 * Makes the exchanges of our type. Qpid finds it as a service.
 */
public final class QpidExchangeFactory extends AbstractConfiguredObjectTypeFactory<QpidExchange> {

	public QpidExchangeFactory() {
		super(QpidExchange.class);
	}

	@Override
	protected QpidExchange createInstance(Map<String, Object> attributes, ConfiguredObject<?> parent) {
		return new QpidExchange(attributes, (QueueManagingVirtualHost<?>) parent);
	}

}
