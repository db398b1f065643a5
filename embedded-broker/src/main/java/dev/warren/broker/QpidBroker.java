package dev.warren.broker;

import java.io.IOException;
import java.lang.reflect.Field;
import java.net.URL;
import java.nio.file.Path;
import java.security.Principal;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

import dev.warren.broker.rabbitmq.access.AddressLimit;
import dev.warren.broker.rabbitmq.connection.Admission;
import dev.warren.broker.rabbitmq.connection.OperatorLog;
import dev.warren.broker.rabbitmq.definitions.DefinitionStore;
import dev.warren.broker.rabbitmq.definitions.Permission;
import dev.warren.broker.rabbitmq.definitions.Table;
import dev.warren.broker.rabbitmq.definitions.VirtualHostDefinition;
import dev.warren.broker.rabbitmq.connection.ClientConnection;
import dev.warren.broker.rabbitmq.store.QpidDiskNode;
import dev.warren.broker.rabbitmq.store.QpidDiskStore;
import dev.warren.broker.rabbitmq.time.EngineClock;
import dev.warren.broker.rabbitmq.transport.Admissions;
import dev.warren.broker.rabbitmq.transport.DefinitionStores;
import dev.warren.broker.rabbitmq.transport.Limits;
import dev.warren.broker.rabbitmq.transport.OperatorLogs;
import dev.warren.broker.rabbitmq.transport.TlsContexts;
import dev.warren.broker.rabbitmq.transport.QpidResources;
import dev.warren.broker.rabbitmq.transport.VirtualHosts;
import dev.warren.broker.rabbitmq.upgrade.Change;
import dev.warren.broker.rabbitmq.upgrade.ChangedUse;
import org.apache.qpid.server.configuration.CommonProperties;
import org.apache.qpid.server.configuration.updater.TaskExecutor;
import org.apache.qpid.server.configuration.updater.TaskExecutorImpl;
import org.apache.qpid.server.logging.EventLogger;
import org.apache.qpid.server.logging.NullMessageLogger;
import org.apache.qpid.server.model.Broker;
import org.apache.qpid.server.model.BrokerImpl;
import org.apache.qpid.server.model.Port;
import org.apache.qpid.server.model.State;
import org.apache.qpid.server.model.SystemConfig;
import org.apache.qpid.server.model.VirtualHost;
import org.apache.qpid.server.model.VirtualHostNode;
import org.apache.qpid.server.model.port.AmqpPort;
import org.apache.qpid.server.store.MemorySystemConfigImpl;
import org.apache.qpid.server.virtualhost.QueueManagingVirtualHost;
import org.jspecify.annotations.Nullable;

/**
 * The Qpid Broker-J inside. Its fixed parts are in {@code qpid-broker.json}; users and
 * virtual hosts are added one by one, so that each failure reaches the caller, and the
 * port is opened last, so that nobody connects to a broker that is not ready.
 */
final class QpidBroker {

	private static final long CLOSE_TIMEOUT_SECONDS = 30;

	private static final String AMQP = "amqp";

	private static final String AMQPS = "amqps";

	private static final Map<String, String> CONTEXT = Map.ofEntries(
			// Qpid starts over 80 threads unless told otherwise.
			Map.entry("qpid.port.amqp.threadPool.size", "2"),
			Map.entry("qpid.port.amqp.threadPool.numberOfSelectors", "1"),
			Map.entry("virtualhost.connectionThreadPool.size", "4"),
			Map.entry("virtualhost.connectionThreadPool.numberOfSelectors", "1"),
			Map.entry("virtualhost.housekeepingThreadCount", "1"), Map.entry("broker.housekeepingThreadCount", "1"),
			// Closing waits for the next look at the memory in use, by default one a
			// second.
			Map.entry("qpid.compact_memory_interval", "100"),
			// We look ourselves how much is left, in bytes.
			Map.entry("store.filesystem.maxUsagePercent", "0"),
			// Bodies leave the memory for the disk well before publishers are stopped.
			Map.entry("broker.flowToDiskThreshold", Long.toString(Runtime.getRuntime().maxMemory() / 5)),
			// Publishers are stopped at 50 MB; Berkeley DB, which would stop at 5 GB,
			// fails
			// what is written after that.
			Map.entry("je.freeDisk", "20000000"));

	private final TaskExecutor taskExecutor = new TaskExecutorImpl();

	private final SystemConfig<?> systemConfig;

	private final DefinitionStore definitions;

	private final Admission admission;

	/** The names of the ports that are to be open. */
	private final Set<String> ports = new HashSet<>();

	/** By the names that Qpid has for them. */
	private final Map<String, VirtualHost<?>> virtualHosts = new ConcurrentHashMap<>();

	private volatile @Nullable CompletableFuture<?> closing;

	private QpidBroker(BrokerSettings settings, DefinitionStore definitions) {
		this.definitions = definitions;
		BrokerLimits limits = settings.limits();
		this.admission = new Admission(
				new AddressLimit(limits.connectionsPerSecond(), TimeUnit.SECONDS, EngineClock.system()),
				new AddressLimit(limits.failedLoginsPerMinute(), TimeUnit.MINUTES, EngineClock.system()),
				settings.handshakeTimeout().toMillis());
		URL configuration = Objects.requireNonNull(QpidBroker.class.getResource("qpid-broker.json"));
		Map<String, String> context = new HashMap<>(CONTEXT);
		context.put(VirtualHosts.DIALECT, settings.version().name());
		context.put(VirtualHosts.CONSUMER_TIMEOUT, Long.toString(settings.consumerTimeout().toMillis()));
		context.put(Limits.CONNECTION_MAX, Integer.toString(settings.limits().connectionMax()));
		context.put("warren.port", Integer.toString(Math.max(settings.port(), 0)));
		BrokerTls tls = settings.tls();
		if (settings.port() != BrokerSettings.NO_PORT) {
			this.ports.add(AMQP);
		}
		if (tls != null) {
			this.ports.add(AMQPS);
		}
		context.put("warren.tlsPort", Integer.toString((tls != null) ? tls.port() : 0));
		context.put(OperatorLogs.COMPLETE, Boolean.toString(settings.operatorLog()));
		context.put(AmqpPort.PROTOCOL_HANDSHAKE_TIMEOUT, Long.toString(settings.handshakeTimeout().toMillis()));
		// We look ourselves, and say so.
		context.put(Port.CONNECTION_MAXIMUM_AUTHENTICATION_DELAY,
				Long.toString(settings.handshakeTimeout().toMillis() + 1000));
		context.put("warren.bindAddress", settings.bindAddress());
		this.systemConfig = new MemorySystemConfigImpl(this.taskExecutor, new EventLogger(new NullMessageLogger()),
				new SystemPrincipal(),
				Map.of(SystemConfig.INITIAL_CONFIGURATION_LOCATION, configuration.toExternalForm(),
						SystemConfig.STARTUP_LOGGED_TO_SYSTEM_OUT, false, SystemConfig.CONTEXT, context));
	}

	static QpidBroker start(BrokerSettings settings, @Nullable DataDirectory dataDirectory) {
		QuietLogging.begin();
		return PluginClassLoader.call(() -> {
			QpidBroker broker = new QpidBroker(settings, InitialDefinitions.store(settings, dataDirectory));
			try {
				broker.open(dataDirectory, settings.tls());
				return broker;
			}
			catch (RuntimeException | Error ex) {
				broker.closeAfter(ex);
				throw ex;
			}
		});
	}

	private void open(@Nullable DataDirectory dataDirectory, @Nullable BrokerTls tls) {
		this.systemConfig.open();
		removeShutdownHook(broker());
		DefinitionStores.put(broker(), this.definitions);
		Admissions.put(broker(), this.admission);
		for (String virtualHost : virtualHostNames()) {
			createVirtualHost(virtualHost, dataDirectory);
		}
		if (tls != null) {
			encrypt(tls.context(), tls.parameters());
		}
		this.ports.forEach((name) -> port(name).setAttributes(Map.of(Port.DESIRED_STATE, State.ACTIVE)));
		if (!isActive(virtualHostNames())) {
			throw new IllegalStateException("Qpid's port or virtual hosts did not become active");
		}
	}

	/**
	 * What is defined, and may be changed.
	 */
	OperatorLog operatorLog() {
		return OperatorLogs.of(broker());
	}

	Admission admission() {
		return this.admission;
	}

	DefinitionStore definitions() {
		return this.definitions;
	}

	List<String> virtualHostNames() {
		return this.definitions.current().virtualHosts().all().stream().map(VirtualHostDefinition::name).toList();
	}

	/**
	 * Adds a virtual host, unless it is there.
	 * @param permitted who may do everything in it
	 * @return whether it was added
	 * @throws BrokerStartException if it cannot have that name, or cannot be added
	 */
	synchronized boolean addVirtualHost(VirtualHostDefinition virtualHost, Collection<String> permitted,
			@Nullable DataDirectory dataDirectory) {
		if (this.closing != null) {
			throw new IllegalStateException("The broker is not running");
		}
		String name = virtualHost.name();
		BrokerSettings.checkVirtualHostName(name);
		if (broker().getChildByName(VirtualHostNode.class, qpidName(name)) != null) {
			if (this.definitions.current().virtualHosts().get(name) == null) {
				throw new BrokerStartException(
						"There is a virtual host whose name is '%s' but for a leading slash.".formatted(name),
						"Choose another name.");
			}
			return false;
		}
		return PluginClassLoader.call(() -> {
			createVirtualHost(name, dataDirectory);
			this.definitions.change(
					(before) -> before.withVirtualHosts((table) -> table.with(virtualHost)).withPermissions((table) -> {
						Table<Permission> changed = table;
						for (String user : permitted) {
							changed = changed.with(Permission.everything(name, user));
						}
						return changed;
					}));
			return true;
		});
	}

	/**
	 * Closes the connections to a virtual host and deletes it with all that is in it.
	 * Does nothing when the broker is closed.
	 */
	synchronized void deleteVirtualHost(String virtualHost) {
		VirtualHost<?> deleted = this.virtualHosts.remove(qpidName(virtualHost));
		if (deleted != null && this.closing == null) {
			this.definitions.change((before) -> before.withoutVirtualHost(virtualHost));
			PluginClassLoader.call(() -> {
				deleted.getParent().delete();
				return virtualHost;
			});
			VirtualHosts.stop(deleted);
		}
	}

	/**
	 * Copies a data directory while the broker is at work: each virtual host as it is at
	 * one moment, with everything that was confirmed before.
	 * @param target a directory that is not there yet, or is empty
	 */
	synchronized void backUp(DataDirectory dataDirectory, Path target) throws IOException {
		DataDirectory.Copy copy = dataDirectory.copyTo(target);
		for (String name : virtualHostNames()) {
			QpidDiskStore.copyFiles(virtualHost(name), copy.virtualHost(qpidName(name)));
		}
		copy.finish();
	}

	private static String qpidName(String virtualHost) {
		return virtualHost.equals("/") ? virtualHost : BrokerSettings.withoutLeadingSlash(virtualHost);
	}

	private void createVirtualHost(String virtualHost, @Nullable DataDirectory dataDirectory) {
		QuietLogging.begin();
		String name = qpidName(virtualHost);
		Map<String, Object> attributes = new HashMap<>();
		attributes.put(VirtualHostNode.NAME, name);
		attributes.put(VirtualHostNode.DEFAULT_VIRTUAL_HOST_NODE, name.equals("/"));
		// Taken only the first time: afterwards the virtual host comes from the store.
		attributes.put(VirtualHostNode.VIRTUALHOST_INITIAL_CONFIGURATION, "{\"type\": \"ProvidedStore\"}");
		Optional<LastFile> lastFile = Optional.empty();
		if (dataDirectory != null) {
			Path store = dataDirectory.virtualHost(name);
			lastFile = LastFile.copy(store);
			attributes.put(VirtualHostNode.TYPE, QpidDiskNode.TYPE);
			attributes.put("storePath", store.toString());
		}
		else {
			attributes.put(VirtualHostNode.TYPE, "Memory");
		}
		VirtualHostNode<?> node = broker().createChild(VirtualHostNode.class, attributes);
		lastFile.ifPresent(LastFile::keepIfCutOff);
		if (dataDirectory != null) {
			dataDirectory.closeToOthers(name);
		}
		VirtualHost<?> created = node.getVirtualHost();
		if (created != null) {
			this.virtualHosts.put(name, created);
		}
	}

	private Broker<?> broker() {
		return (Broker<?>) this.systemConfig.getContainer();
	}

	private Port<?> port(String name) {
		return broker().getChildByName(Port.class, name);
	}

	/**
	 * The port for AMQP, -1 if there is none.
	 */
	int boundPort() {
		return port(AMQP).getBoundPort();
	}

	/**
	 * The port for AMQP over TLS, -1 if there is none.
	 */
	int boundTlsPort() {
		return port(AMQPS).getBoundPort();
	}

	/**
	 * Sets what new connections over TLS are encrypted with.
	 */
	void encrypt(SSLContext context, SSLParameters parameters) {
		TlsContexts.put(broker(), context, parameters);
	}

	/**
	 * Whether the ports are open and these virtual hosts are up.
	 */
	boolean isActive(Collection<String> names) {
		// It closes itself when its store fails.
		return this.systemConfig.getContainer() instanceof Broker<?> broker && broker.getState() == State.ACTIVE
				&& this.ports.stream().allMatch((port) -> port(port).getState() == State.ACTIVE)
				&& names.stream().allMatch(this::isActive);
	}

	private boolean isActive(String name) {
		VirtualHost<?> virtualHost = this.virtualHosts.get(qpidName(name));
		return virtualHost != null && virtualHost.getState() == State.ACTIVE
				&& ((VirtualHostNode<?>) virtualHost.getParent()).getState() == State.ACTIVE;
	}

	private Stream<VirtualHost<?>> virtualHosts(Collection<String> names) {
		return names.stream()
			.<VirtualHost<?>>map((name) -> this.virtualHosts.get(qpidName(name)))
			.filter(Objects::nonNull);
	}

	void purge(Collection<String> names) {
		virtualHosts(names).forEach(VirtualHosts::purge);
	}

	/**
	 * A virtual host as the engine has it.
	 */
	dev.warren.broker.rabbitmq.host.VirtualHost engine(String name) {
		return VirtualHosts.engine(virtualHost(name), name);
	}

	/**
	 * A virtual host as the engine has it, or null if there is none, or its store has
	 * failed.
	 */
	dev.warren.broker.rabbitmq.host.@Nullable VirtualHost engineIfRunning(String name) {
		return (this.virtualHosts.get(qpidName(name)) instanceof QueueManagingVirtualHost<?> found
				&& isActive(List.of(name))) ? VirtualHosts.engine(found, name) : null;
	}

	void advance(Collection<String> names, Duration duration) {
		names.forEach((name) -> VirtualHosts.advance(virtualHost(name), name, duration));
	}

	/**
	 * What the virtual hosts that are running take.
	 */
	List<QpidResources> resources() {
		return this.virtualHosts.values()
			.stream()
			.filter((one) -> one.getState() == State.ACTIVE)
			.map((one) -> new QpidResources((QueueManagingVirtualHost<?>) one))
			.toList();
	}

	/**
	 * The connections to a virtual host as the engine has them; none if it is gone.
	 */
	List<ClientConnection> clients(String name) {
		return (this.virtualHosts.get(qpidName(name)) instanceof QueueManagingVirtualHost<?> found)
				? VirtualHosts.connections(found) : List.of();
	}

	/**
	 * The connections to a virtual host, in no order.
	 */
	List<BrokerConnection> connections(String name) {
		return virtualHost(name).getConnections()
			.stream()
			.map((connection) -> new BrokerConnection(Objects.toString(connection.getClientId(), ""),
					Objects.toString(connection.getPrincipal(), ""),
					connection.getRemoteAddress().replaceFirst("^.*/", "")))
			.toList();
	}

	private QueueManagingVirtualHost<?> virtualHost(String name) {
		VirtualHost<?> virtualHost = this.virtualHosts.get(qpidName(name));
		if (virtualHost == null || !isActive(List.of(name))) {
			throw new IllegalStateException("The broker is not running, or the virtual host '" + name + "' is gone");
		}
		return (QueueManagingVirtualHost<?>) virtualHost;
	}

	List<UpgradeReport.Use> changedUses(Collection<String> names) {
		Map<ChangedUse, Long> counts = new LinkedHashMap<>();
		virtualHosts(names).forEach((virtualHost) -> VirtualHosts.changedUses(virtualHost)
			.forEach((use, count) -> counts.merge(use, count, Long::sum)));
		return counts.entrySet().stream().map((use) -> changedUse(use.getKey(), use.getValue())).toList();
	}

	private static UpgradeReport.Use changedUse(ChangedUse use, long count) {
		Change change = use.change();
		return new UpgradeReport.Use(change.id(), UpgradeReport.Effect.valueOf(change.effect().name()),
				RabbitMqVersion.valueOf(change.since().name()), change.text(), change.cure(), use.connection(),
				use.subject(), count);
	}

	static String product() {
		return "Qpid Broker-J " + CommonProperties.getReleaseVersion();
	}

	private CompletableFuture<?> startClosing() {
		return this.systemConfig.closeAsync()
			.whenComplete((done, failure) -> this.virtualHosts.values().forEach(VirtualHosts::stop));
	}

	/**
	 * Waits until Qpid has closed. An interrupt is kept for later: half closed, the
	 * broker would hold its port and its store.
	 */
	void close() {
		boolean interrupted = Thread.interrupted();
		try {
			CompletableFuture<?> closing = (this.closing != null) ? this.closing : startClosing();
			this.closing = closing;
			long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_TIMEOUT_SECONDS);
			while (true) {
				try {
					closing.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
					break;
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
			this.taskExecutor.stopImmediately();
		}
		catch (TimeoutException ex) {
			throw new IllegalStateException("The broker has not closed within %d s".formatted(CLOSE_TIMEOUT_SECONDS),
					ex);
		}
		catch (ExecutionException ex) {
			this.taskExecutor.stopImmediately();
			throw new IllegalStateException("The broker did not close in an orderly way", ex);
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private void closeAfter(Throwable failure) {
		try {
			close();
		}
		catch (RuntimeException ex) {
			failure.addSuppressed(ex);
		}
	}

	/**
	 * Qpid's own shutdown hook would close the broker while the application, in a hook of
	 * its own, still finishes its work with it. Qpid has no setting that leaves it out.
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
