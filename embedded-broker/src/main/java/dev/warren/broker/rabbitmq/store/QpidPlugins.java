package dev.warren.broker.rabbitmq.store;

import java.util.Collection;
import java.util.Map;
import java.util.Set;

import org.apache.qpid.server.model.AbstractConfiguredObjectTypeFactory;
import org.apache.qpid.server.model.Broker;
import org.apache.qpid.server.model.ConfiguredObject;
import org.apache.qpid.server.plugin.ConfiguredObjectRegistration;
import org.apache.qpid.server.queue.StandardQueueImpl;
import org.apache.qpid.server.virtualhost.QueueManagingVirtualHost;
import org.apache.qpid.server.virtualhostnode.berkeleydb.BDBVirtualHostNodeImpl;

/**
 * The types of object we add to Qpid's, and what makes them. Qpid finds all as services.
 */
public final class QpidPlugins {

	private QpidPlugins() {
	}

	/**
	 * Tells Qpid which types there are.
	 */
	public static final class Types implements ConfiguredObjectRegistration {

		@Override
		public String getType() {
			return getClass().getPackageName();
		}

		// Qpid's own signature.
		@Override
		@SuppressWarnings("rawtypes")
		public Collection<Class<? extends ConfiguredObject>> getConfiguredObjectClasses() {
			return Set.of(QpidQueue.class, QpidExchange.class, QpidDiskNode.class);
		}

	}

	/**
	 * Makes the queues.
	 */
	public static final class QueueFactory extends AbstractConfiguredObjectTypeFactory<StandardQueueImpl> {

		@SuppressWarnings("unchecked")
		public QueueFactory() {
			super((Class<StandardQueueImpl>) (Class<?>) QpidQueue.class);
		}

		@Override
		protected StandardQueueImpl createInstance(Map<String, Object> attributes, ConfiguredObject<?> parent) {
			return new QpidQueue(attributes, (QueueManagingVirtualHost<?>) parent);
		}

	}

	/**
	 * Makes the exchanges.
	 */
	public static final class ExchangeFactory extends AbstractConfiguredObjectTypeFactory<QpidExchange> {

		public ExchangeFactory() {
			super(QpidExchange.class);
		}

		@Override
		protected QpidExchange createInstance(Map<String, Object> attributes, ConfiguredObject<?> parent) {
			return new QpidExchange(attributes, (QueueManagingVirtualHost<?>) parent);
		}

	}

	/**
	 * Makes what keeps a virtual host on disk.
	 */
	public static final class DiskNodeFactory extends AbstractConfiguredObjectTypeFactory<BDBVirtualHostNodeImpl> {

		@SuppressWarnings("unchecked")
		public DiskNodeFactory() {
			super((Class<BDBVirtualHostNodeImpl>) (Class<?>) QpidDiskNode.class);
		}

		@Override
		protected BDBVirtualHostNodeImpl createInstance(Map<String, Object> attributes, ConfiguredObject<?> parent) {
			return new QpidDiskNode(attributes, (Broker<?>) parent);
		}

	}

}
