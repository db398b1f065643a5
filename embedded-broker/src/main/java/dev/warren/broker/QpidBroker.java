package dev.warren.broker;

import java.lang.reflect.Field;
import java.net.URL;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.warren.broker.rabbitmq.ProtocolCreators;
import org.apache.qpid.server.configuration.updater.TaskExecutor;
import org.apache.qpid.server.configuration.updater.TaskExecutorImpl;
import org.apache.qpid.server.logging.EventLogger;
import org.apache.qpid.server.logging.NullMessageLogger;
import org.apache.qpid.server.model.AuthenticationProvider;
import org.apache.qpid.server.model.Broker;
import org.apache.qpid.server.model.BrokerImpl;
import org.apache.qpid.server.model.Port;
import org.apache.qpid.server.model.SystemConfig;
import org.apache.qpid.server.model.VirtualHostNode;
import org.apache.qpid.server.security.auth.manager.PlainAuthenticationProvider;
import org.apache.qpid.server.store.MemorySystemConfigImpl;
import org.apache.qpid.server.virtualhost.ProvidedStoreVirtualHostImpl;
import org.apache.qpid.server.virtualhostnode.memory.MemoryVirtualHostNode;

/**
 * The Qpid Broker-J inside. Its parts are created one by one rather than from a
 * configuration file, so that each failure reaches the caller as an exception, and the
 * port comes last, so that nobody can connect to a broker that is not ready.
 */
final class QpidBroker {

	private static final String DEFAULT_VIRTUAL_HOST = "/";

	/** Qpid starts over 80 threads unless told otherwise. */
	private static final Map<String, String> CONTEXT = Map.of("qpid.port.amqp.threadPool.size", "2",
			"qpid.port.amqp.threadPool.numberOfSelectors", "1", "virtualhost.connectionThreadPool.size", "4",
			"virtualhost.connectionThreadPool.numberOfSelectors", "1", "virtualhost.housekeepingThreadCount", "1",
			"broker.housekeepingThreadCount", "1");

	private final SystemConfig<?> systemConfig;

	private int port;

	private QpidBroker(SystemConfig<?> systemConfig) {
		this.systemConfig = systemConfig;
	}

	static QpidBroker start(BrokerSettings settings) {
		Thread thread = Thread.currentThread();
		ClassLoader contextClassLoader = thread.getContextClassLoader();
		// Qpid looks for its plugins with the context class loader.
		thread.setContextClassLoader(QpidBroker.class.getClassLoader());
		ProtocolCreators.replaceQpids();
		try {
			QpidBroker broker = new QpidBroker(createSystemConfig());
			try {
				broker.open(settings);
			}
			catch (RuntimeException ex) {
				broker.close();
				throw ex;
			}
			return broker;
		}
		finally {
			thread.setContextClassLoader(contextClassLoader);
		}
	}

	private static SystemConfig<?> createSystemConfig() {
		URL configuration = Objects.requireNonNull(QpidBroker.class.getResource("qpid-broker.json"));
		TaskExecutor taskExecutor = new TaskExecutorImpl();
		Map<String, Object> attributes = Map.of(SystemConfig.INITIAL_CONFIGURATION_LOCATION,
				configuration.toExternalForm(), SystemConfig.STARTUP_LOGGED_TO_SYSTEM_OUT, false, SystemConfig.CONTEXT,
				CONTEXT);
		return new MemorySystemConfigImpl(taskExecutor, new EventLogger(new NullMessageLogger()), new SystemPrincipal(),
				attributes);
	}

	private void open(BrokerSettings settings) {
		this.systemConfig.open();
		Broker<?> broker = (Broker<?>) this.systemConfig.getContainer();
		removeShutdownHook(broker);
		AuthenticationProvider<?> users = createUsers(broker, settings.users());
		settings.virtualHosts().forEach((name) -> createVirtualHost(broker, name));
		this.port = createPort(broker, settings, users);
	}

	private AuthenticationProvider<?> createUsers(Broker<?> broker, Map<String, String> users) {
		// PLAIN needs no TLS here, as in RabbitMQ.
		PlainAuthenticationProvider authentication = (PlainAuthenticationProvider) broker
			.createChild(AuthenticationProvider.class, Map.of(AuthenticationProvider.NAME, "users",
					AuthenticationProvider.TYPE, "Plain", "secureOnlyMechanisms", List.of()));
		users.forEach((name, password) -> authentication.createUser(name, password, Map.of()));
		return authentication;
	}

	private void createVirtualHost(Broker<?> broker, String name) {
		broker.createChild(VirtualHostNode.class,
				Map.of(VirtualHostNode.NAME, name, VirtualHostNode.TYPE, MemoryVirtualHostNode.VIRTUAL_HOST_NODE_TYPE,
						VirtualHostNode.DEFAULT_VIRTUAL_HOST_NODE, name.equals(DEFAULT_VIRTUAL_HOST),
						VirtualHostNode.VIRTUALHOST_INITIAL_CONFIGURATION,
						"{\"type\": \"" + ProvidedStoreVirtualHostImpl.VIRTUAL_HOST_TYPE + "\"}"));
	}

	private int createPort(Broker<?> broker, BrokerSettings settings, AuthenticationProvider<?> users) {
		Port<?> port = broker.createChild(Port.class,
				Map.of(Port.NAME, "amqp", Port.TYPE, "AMQP", Port.PORT, settings.port(), Port.BINDING_ADDRESS,
						settings.bindAddress(), Port.AUTHENTICATION_PROVIDER, users.getName()));
		return port.getBoundPort();
	}

	int port() {
		return this.port;
	}

	void close() {
		this.systemConfig.close();
	}

	/**
	 * Qpid's own shutdown hook would close the broker while the application, in a hook of
	 * its own, is still finishing its work with it. There is no setting that leaves the
	 * hook out.
	 */
	private static void removeShutdownHook(Broker<?> broker) {
		try {
			Field field = BrokerImpl.class.getDeclaredField("_shutdownHook");
			field.setAccessible(true);
			Runtime.getRuntime().removeShutdownHook((Thread) field.get(broker));
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException("This version of Qpid Broker-J keeps its shutdown hook elsewhere", ex);
		}
	}

	private static final class SystemPrincipal implements Principal {

		@Override
		public String getName() {
			return "SYSTEM";
		}

	}

}
