package dev.warren.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

import dev.warren.broker.rabbitmq.definitions.VirtualHostDefinition;
import org.jspecify.annotations.Nullable;

/**
 * A running AMQP 0-9-1 broker in this JVM. Several may run side by side, each on a port
 * and, with the disk store, in a directory of its own. Thread-safe.
 *
 * <pre>{@code
 * try (EmbeddedBroker broker = EmbeddedBroker.builder().start()) {
 *     connectionFactory.setUri(broker.uri());
 * }
 * }</pre>
 *
 * Close it: no shutdown hook does. After a kill, the disk store still has every confirmed
 * persistent message.
 */
public final class EmbeddedBroker implements AutoCloseable {

	private final BrokerSettings settings;

	private final ListenAddress address;

	private final QpidBroker broker;

	private final @Nullable DataDirectory dataDirectory;

	private final String virtualHost;

	/** The first, and those added to it. */
	private final List<String> virtualHosts;

	/** Whether it has them in a broker that others close. */
	private final boolean inAnother;

	private final int port;

	private final int sslPort;

	private final VirtualHostView view;

	private final BrokerTime time;

	private final BrokerFaults faults;

	private volatile @Nullable UpgradeReport lastUpgradeReport;

	private volatile boolean closing;

	private boolean closed;

	private EmbeddedBroker(BrokerSettings settings, ListenAddress address, QpidBroker broker,
			@Nullable DataDirectory dataDirectory, String virtualHost, List<String> virtualHosts, boolean inAnother) {
		this.settings = settings;
		this.address = address;
		this.broker = broker;
		this.dataDirectory = dataDirectory;
		this.virtualHost = virtualHost;
		this.virtualHosts = new CopyOnWriteArrayList<>(virtualHosts);
		this.inAnother = inAnother;
		this.port = broker.boundPort();
		this.sslPort = broker.boundTlsPort();
		this.time = new BrokerTime((duration) -> broker.advance(ownVirtualHosts(), duration));
		this.view = new VirtualHostView(() -> broker.engine(virtualHost()), settings.timeline());
		this.faults = new BrokerFaults(virtualHost(), () -> broker.engine(virtualHost()).faults());
	}

	/**
	 * A broker on a free port of the loopback address with the memory store, the virtual
	 * host {@code /} and the user {@code guest}, unless told otherwise.
	 */
	public static Builder builder() {
		return new Builder();
	}

	private static EmbeddedBroker start(BrokerSettings settings) {
		ListenAddress address = ListenAddress.of(settings.bindAddress());
		address.requireFree(settings);
		Path dataDir = settings.dataDir();
		DataDirectory dataDirectory = (dataDir != null) ? DataDirectory.open(dataDir) : null;
		try {
			QpidBroker broker = QpidBroker.start(settings, dataDirectory);
			return new EmbeddedBroker(settings, address, broker, dataDirectory, settings.virtualHosts().get(0),
					broker.virtualHostNames(), false);
		}
		// Qpid and Berkeley DB also throw errors, such as a class that cannot be loaded.
		catch (RuntimeException | Error ex) {
			if (dataDirectory != null) {
				dataDirectory.close();
			}
			throw explain(ex, settings, address);
		}
	}

	/**
	 * The usual causes were looked for before Qpid was started; this is for what came
	 * between, such as a port taken in that moment, and for a store that cannot be read.
	 */
	private static BrokerStartException explain(Throwable failure, BrokerSettings settings, ListenAddress address) {
		if (failure instanceof BrokerStartException explained) {
			return explained;
		}
		address.requireFree(settings);
		BrokerStartException tooOld = JacksonAnnotations.tooOld(failure);
		if (tooOld != null) {
			return tooOld;
		}
		String problem = "The broker cannot start: " + failure.getMessage() + ".";
		return new BrokerStartException(problem,
				(settings.dataDir() != null)
						? "If the store in '" + settings.dataDir().toAbsolutePath()
								+ "' cannot be read, set 'warren.broker.data-dir' to another directory."
						: "See the cause, and check the properties under 'warren.broker'.",
				failure);
	}

	/**
	 * The port the broker listens on, also where port 0 was asked for; -1 if it listens
	 * with TLS only.
	 */
	public int port() {
		return this.port;
	}

	/**
	 * The port the broker listens on with TLS, also where port 0 was asked for; -1
	 * without TLS.
	 */
	public int sslPort() {
		return this.sslPort;
	}

	/**
	 * The address a client on this machine connects to.
	 */
	public String host() {
		return this.address.host();
	}

	/**
	 * The AMQP URI of the first virtual host, with the first user and its password, such
	 * as {@code amqp://guest:guest@127.0.0.1:5672}. It is an {@code amqps} URI only if
	 * the broker listens with TLS only.
	 */
	public String uri() {
		String host = host().contains(":") ? "[" + host() + "]" : host();
		boolean plain = this.port != BrokerSettings.NO_PORT;
		String uri = (plain ? "amqp://" : "amqps://") + encode(username()) + ":" + encode(password()) + "@" + host + ":"
				+ (plain ? this.port : this.sslPort);
		return virtualHost().equals("/") ? uri : uri + "/" + encode(virtualHost());
	}

	private static String encode(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
	}

	/**
	 * The name of the first user.
	 */
	public String username() {
		return this.settings.users().keySet().iterator().next();
	}

	/**
	 * The password of the first user.
	 */
	public String password() {
		return this.settings.users().values().iterator().next();
	}

	/**
	 * The name of the first virtual host.
	 */
	public String virtualHost() {
		return this.virtualHost;
	}

	/**
	 * Where the disk store is; empty with the memory store.
	 */
	public Optional<Path> dataDir() {
		return Optional.ofNullable(this.settings.dataDir());
	}

	/**
	 * The name and version of the broker inside.
	 */
	public String product() {
		return QpidBroker.product();
	}

	/**
	 * The RabbitMQ it behaves as.
	 */
	public RabbitMqVersion version() {
		return this.settings.version();
	}

	/**
	 * What its clients did so far that later versions of RabbitMQ refuse or treat
	 * differently. A closed broker still knows it.
	 */
	public UpgradeReport upgradeReport() {
		UpgradeReport last = this.lastUpgradeReport;
		return (last != null) ? last : new UpgradeReport(version(), this.broker.changedUses(ownVirtualHosts()));
	}

	/**
	 * Whether the port is open and its virtual hosts are up.
	 */
	public boolean isRunning() {
		return !this.closing && this.broker.isActive(ownVirtualHosts());
	}

	/**
	 * Replaces the broker's certificate, and those it trusts, for new connections. The
	 * others keep theirs until they end.
	 * @throws IllegalStateException if the broker was started without TLS
	 */
	public void replaceSslContext(SSLContext sslContext) {
		BrokerTls tls = this.settings.tls();
		if (tls == null) {
			throw new IllegalStateException("The broker was started without TLS");
		}
		this.broker.encrypt(sslContext, tls.parameters());
	}

	/**
	 * Adds a virtual host; one that is there is left alone. As in RabbitMQ, the one who
	 * adds it, the first user, may do everything in it, and others may not enter it;
	 * unless the broker has no permissions at all, which leaves it open to every user.
	 * @throws BrokerStartException if the name is empty or longer than 255 bytes, or if
	 * the data directory cannot be written
	 */
	public void addVirtualHost(String name) {
		BrokerSettings.checkVirtualHostName(name);
		addVirtualHost(new VirtualHostDefinition(name), permittedEverywhere());
	}

	/**
	 * Adds a virtual host and returns this broker as seen from there: its URI leads to
	 * that virtual host, what is reset and reported is of that virtual host only, and
	 * closing it deletes the virtual host and leaves the broker running. With one for
	 * each test class, parallel classes share a broker and nothing else.
	 * @throws IllegalArgumentException if there is a virtual host of that name
	 * @throws BrokerStartException as {@link #addVirtualHost} does
	 */
	public EmbeddedBroker withVirtualHost(String name) {
		BrokerSettings.checkVirtualHostName(name);
		if (!this.broker.addVirtualHost(new VirtualHostDefinition(name), permittedEverywhere(), this.dataDirectory)) {
			throw new IllegalArgumentException("There is a virtual host '" + name + "' already");
		}
		return new EmbeddedBroker(this.settings, this.address, this.broker, this.dataDirectory, name, List.of(name),
				true);
	}

	private List<String> ownVirtualHosts() {
		return this.virtualHosts.stream().filter(this.broker.virtualHostNames()::contains).toList();
	}

	private Collection<String> permittedEverywhere() {
		return this.settings.permissions().isEmpty() ? this.settings.users().keySet() : List.of(username());
	}

	boolean addVirtualHost(VirtualHostDefinition virtualHost, Collection<String> permitted) {
		boolean added = this.broker.addVirtualHost(virtualHost, permitted, this.dataDirectory);
		if (added) {
			this.virtualHosts.add(virtualHost.name());
		}
		return added;
	}

	/**
	 * Copies the data directory while the broker is at work. The copy has everything that
	 * was confirmed before, and can be the data directory of another broker.
	 * @param target a directory that is not there yet, or is empty; only its owner can
	 * read what is new
	 * @throws IllegalStateException with the memory store
	 * @throws UncheckedIOException if it cannot be written
	 */
	public void backUp(Path target) {
		DataDirectory source = this.dataDirectory;
		if (source == null) {
			throw new IllegalStateException("There is nothing on disk to copy: the store is in memory");
		}
		try {
			this.broker.backUp(source, target);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The backup in " + target + " failed: " + ex.getMessage(), ex);
		}
	}

	/**
	 * This broker as its management API sees it. Internal: it is made for the
	 * application, and may change.
	 */
	public Administration administration() {
		return new Administration(this, this.broker);
	}

	/**
	 * The queue of that name in the {@linkplain #virtualHost() virtual host}, for a test
	 * to look at, whether or not it exists yet.
	 */
	public BrokerQueue queue(String name) {
		return new BrokerQueue(this.view, name);
	}

	/**
	 * All queues of the {@linkplain #virtualHost() virtual host}, by name.
	 */
	public List<BrokerQueue> queues() {
		return this.view.queueNames().stream().sorted().map(this::queue).toList();
	}

	/**
	 * The exchange of that name in the {@linkplain #virtualHost() virtual host}, for a
	 * test to look at, whether or not it exists yet.
	 */
	public BrokerExchange exchange(String name) {
		return new BrokerExchange(this.view, name);
	}

	/**
	 * The connections to the {@linkplain #virtualHost() virtual host}, in no order.
	 */
	public List<BrokerConnection> connections() {
		return this.broker.connections(virtualHost());
	}

	/**
	 * Publishes a text and returns when it is in its queues.
	 * @param exchange empty for the default exchange
	 * @return the names of the queues it was routed to
	 * @throws IllegalArgumentException if there is no such exchange
	 */
	public List<String> publish(String exchange, String routingKey, String text) {
		return publish(exchange, routingKey, BrokerMessage.of(text));
	}

	/**
	 * Publishes a message and returns when it is in its queues.
	 * @param exchange empty for the default exchange
	 * @return the names of the queues it was routed to
	 * @throws IllegalArgumentException if there is no such exchange, or a property is not
	 * what it has to be
	 */
	public List<String> publish(String exchange, String routingKey, BrokerMessage message) {
		return this.view.publish(exchange, routingKey, message);
	}

	/**
	 * Takes the first message out of a queue, if there is one.
	 * @throws IllegalArgumentException if there is no such queue
	 */
	public Optional<BrokerMessage> get(String queue) {
		return queue(queue).get();
	}

	/**
	 * Empties a queue of what nobody has.
	 * @return how many messages it had
	 * @throws IllegalArgumentException if there is no such queue
	 */
	public int purge(String queue) {
		return queue(queue).purge();
	}

	/**
	 * Waits for something, 10 seconds at most. It is looked at again whenever something
	 * happens in the broker.
	 * @param what what it is, for the text of the failure
	 * @throws AssertionError with the {@link #timeline()}, if it does not come
	 */
	public void await(String what, BooleanSupplier condition) {
		await(what, Duration.ofSeconds(10), condition);
	}

	/**
	 * Waits for something as long as it may take.
	 * @param what what it is, for the text of the failure
	 * @throws AssertionError with the {@link #timeline()}, if it does not come
	 */
	public void await(String what, Duration atMost, BooleanSupplier condition) {
		this.view.await(what, atMost, condition, timeline()::toString);
	}

	/**
	 * What happened in the {@linkplain #virtualHost() virtual host} since the last
	 * {@linkplain #reset() reset}.
	 */
	public Timeline timeline() {
		return this.view.timeline();
	}

	/**
	 * What is to go wrong in the {@linkplain #virtualHost() virtual host}, so that a test
	 * sees how its application bears it.
	 */
	public BrokerFaults faults() {
		return this.faults;
	}

	/**
	 * The time that the broker goes by, for a test that does not want to wait.
	 */
	public BrokerTime time() {
		return this.time;
	}

	/**
	 * Ends all {@linkplain #faults() faults} and empties the queues, so that a test finds
	 * nothing of the one before, and the {@link #timeline()}. What is declared stays, as
	 * do connections and consumers; a message that a consumer has already is its own.
	 */
	public void reset() {
		this.faults.clear();
		this.broker.purge(ownVirtualHosts());
		this.view.timeline().clear();
	}

	/**
	 * Closes the connections, the port and the store, in this order, and returns when
	 * that is done, also on a thread that is interrupted. One that came from
	 * {@link #withVirtualHost} only deletes its virtual hosts. Closing again does
	 * nothing.
	 * @throws IllegalStateException if that fails, or takes longer than 30 seconds: then
	 * it goes on, and closing again waits again
	 */
	@Override
	public synchronized void close() {
		this.closing = true;
		if (this.closed) {
			return;
		}
		this.lastUpgradeReport = upgradeReport();
		if (this.inAnother) {
			ownVirtualHosts().forEach(this.broker::deleteVirtualHost);
			this.closed = true;
			return;
		}
		this.broker.close();
		this.closed = true;
		if (this.dataDirectory != null) {
			this.dataDirectory.close();
		}
	}

	@Override
	public String toString() {
		return "EmbeddedBroker at " + host() + ":" + ((this.port != BrokerSettings.NO_PORT) ? this.port : this.sslPort);
	}

	/**
	 * Collects what a broker is started with. Not thread-safe.
	 */
	public static final class Builder {

		private @Nullable RabbitMqVersion version;

		private int port;

		private @Nullable SSLContext sslContext;

		private SSLParameters sslParameters = new SSLParameters();

		private int sslPort;

		private String bindAddress = "127.0.0.1";

		private @Nullable Path dataDir;

		private Duration consumerTimeout = Duration.ofMinutes(30);

		private Duration handshakeTimeout = Duration.ofSeconds(10);

		private boolean timeline = true;

		private boolean operatorLog;

		private final Map<String, String> users = new LinkedHashMap<>();

		private final Set<String> virtualHosts = new LinkedHashSet<>();

		private final List<UserPermissions> permissions = new ArrayList<>();

		private final List<TopicPermissions> topicPermissions = new ArrayList<>();

		private int connectionMax = BrokerLimits.NONE;

		private int connectionsPerSecond = BrokerLimits.NONE;

		private int failedLoginsPerMinute = BrokerLimits.NONE;

		private final List<BrokerLimits.OfUser> userLimits = new ArrayList<>();

		private final List<BrokerLimits.OfVirtualHost> virtualHostLimits = new ArrayList<>();

		private Builder() {
		}

		/**
		 * The RabbitMQ to behave as, {@link RabbitMqVersion#ofThisJvm()} by default.
		 */
		public Builder version(RabbitMqVersion version) {
			this.version = version;
			return this;
		}

		/**
		 * The TCP port for AMQP; 0, the default, takes a free one, and -1 is none, for a
		 * broker that listens with TLS only.
		 */
		public Builder port(int port) {
			this.port = port;
			return this;
		}

		/**
		 * Has the broker listen with TLS too. The context has its key and certificate,
		 * and those whose client certificates it trusts.
		 * @see EmbeddedBroker#replaceSslContext
		 */
		public Builder sslContext(SSLContext sslContext) {
			this.sslContext = sslContext;
			return this;
		}

		/**
		 * Sets the protocols and cipher suites of TLS, by default the JDK's, and whether
		 * clients {@linkplain SSLParameters#setWantClientAuth may} or
		 * {@linkplain SSLParameters#setNeedClientAuth have to} show a certificate. Who
		 * shows one may log in with the mechanism {@code EXTERNAL}, as the user that the
		 * certificate's common name (CN) is.
		 */
		public Builder sslParameters(SSLParameters sslParameters) {
			this.sslParameters = sslParameters;
			return this;
		}

		/**
		 * The TCP port for AMQP over TLS; 0, the default, takes a free one.
		 */
		public Builder sslPort(int sslPort) {
			this.sslPort = sslPort;
			return this;
		}

		/**
		 * The address to listen on, {@code 127.0.0.1} by default; {@code *} is all.
		 */
		public Builder bindAddress(String bindAddress) {
			this.bindAddress = bindAddress;
			return this;
		}

		/**
		 * Keeps everything in memory: a closed broker has forgotten it. The default.
		 */
		public Builder memoryStore() {
			this.dataDir = null;
			return this;
		}

		/**
		 * Keeps durable queues, exchanges, bindings and persistent messages in a
		 * directory, which is created if need be and belongs to one broker at a time.
		 */
		public Builder diskStore(Path dataDir) {
			this.dataDir = dataDir;
			return this;
		}

		/**
		 * Sets how long a consumer may take to acknowledge a delivery, 30 minutes by
		 * default, as RabbitMQ's <a href=
		 * "https://www.rabbitmq.com/docs/consumers#acknowledgement-timeout">consumer_timeout</a>.
		 * More than ten years is any time.
		 */
		public Builder consumerTimeout(Duration consumerTimeout) {
			this.consumerTimeout = consumerTimeout;
			return this;
		}

		/**
		 * Sets how long a client may take to log in, 10 seconds by default, as RabbitMQ's
		 * {@code handshake_timeout}: for the first eight bytes, and from there.
		 */
		public Builder handshakeTimeout(Duration handshakeTimeout) {
			this.handshakeTimeout = handshakeTimeout;
			return this;
		}

		/**
		 * Whether the broker keeps a {@link EmbeddedBroker#timeline()}, as it does if it
		 * is not told otherwise. Without, it is a little faster.
		 */
		public Builder timeline(boolean timeline) {
			this.timeline = timeline;
			return this;
		}

		/**
		 * Whether the broker logs what a server does, in RabbitMQ's words: connections
		 * accepted and closed, channels closed for an error, late consumers, alarms. If
		 * it is not told otherwise it logs only who is refused or breaks the protocol.
		 */
		public Builder operatorLog(boolean operatorLog) {
			this.operatorLog = operatorLog;
			return this;
		}

		/**
		 * Adds a user. With none, there is {@code guest} with the password {@code guest}.
		 */
		public Builder user(String name, String password) {
			this.users.put(name, password);
			return this;
		}

		/**
		 * Adds a virtual host. With none, there is {@code /}.
		 */
		public Builder virtualHost(String name) {
			this.virtualHosts.add(name);
			return this;
		}

		/**
		 * Permits a user something in a virtual host, in regular expressions on names as
		 * <a href=
		 * "https://www.rabbitmq.com/docs/access-control#authorisation">RabbitMQ's</a>.
		 * Without any permissions every user may do everything; with the first, a user
		 * may only enter the virtual hosts in which there are permissions for that user.
		 * @param virtualHost the virtual host
		 * @param user the user
		 * @param configure what may be declared and deleted
		 * @param write what may be published to and bound from
		 * @param read what may be consumed from, purged and bound to
		 * @throws BrokerStartException if one is not a regular expression
		 */
		public Builder permissions(String virtualHost, String user, String configure, String write, String read) {
			this.permissions.add(new UserPermissions(virtualHost, user, configure, write, read));
			return this;
		}

		/**
		 * Restricts a user to some routing keys of a topic exchange, in regular
		 * expressions as <a href=
		 * "https://www.rabbitmq.com/docs/access-control#topic-authorisation">RabbitMQ's</a>,
		 * in which <code>{username}</code> and <code>{vhost}</code> stand for the names.
		 * The user needs permissions for the exchange as well. A user without any topic
		 * permissions for an exchange may use all routing keys.
		 * @param virtualHost the virtual host
		 * @param user the user
		 * @param exchange the name of the exchange; one of another type has no topics
		 * @param write the routing keys to publish with
		 * @param read the keys to bind with
		 * @throws BrokerStartException if one is not a regular expression
		 */
		public Builder topicPermissions(String virtualHost, String user, String exchange, String write, String read) {
			this.topicPermissions.add(new TopicPermissions(virtualHost, user, exchange, write, read));
			return this;
		}

		/**
		 * Limits the connections of all users together, as RabbitMQ's
		 * {@code connection_max} does; below 0, the default, there is no limit.
		 */
		public Builder connectionMax(int connectionMax) {
			this.connectionMax = connectionMax;
			return this;
		}

		/**
		 * Limits how many connections one address begins in a second. More have to wait,
		 * up to five seconds, or are closed; below 0, the default, there is no limit.
		 */
		public Builder connectionsPerSecond(int connectionsPerSecond) {
			this.connectionsPerSecond = connectionsPerSecond;
			return this;
		}

		/**
		 * Limits how many logins of one address are refused in a minute. Its next logins
		 * have to wait for their turn, up to five seconds, or are refused unseen; below
		 * 0, the default, there is no limit.
		 */
		public Builder failedLoginsPerMinute(int failedLoginsPerMinute) {
			this.failedLoginsPerMinute = failedLoginsPerMinute;
			return this;
		}

		/**
		 * Limits what a user has open in all virtual hosts together, as
		 * {@code rabbitmqctl set_user_limits} does.
		 * @param user the user
		 * @param maxConnections the most connections; below 0 there is no limit
		 * @param maxChannels the most channels; below 0 there is no limit
		 */
		public Builder userLimits(String user, int maxConnections, int maxChannels) {
			this.userLimits.add(new BrokerLimits.OfUser(user, maxConnections, maxChannels));
			return this;
		}

		/**
		 * Limits what a virtual host has, of all users together, as
		 * {@code rabbitmqctl set_vhost_limits} does.
		 * @param virtualHost the virtual host
		 * @param maxConnections the most connections; below 0 there is no limit
		 * @param maxQueues the most queues; below 0 there is no limit
		 */
		public Builder virtualHostLimits(String virtualHost, int maxConnections, int maxQueues) {
			this.virtualHostLimits.add(new BrokerLimits.OfVirtualHost(virtualHost, maxConnections, maxQueues));
			return this;
		}

		/**
		 * Starts the broker and returns when it accepts connections.
		 * @throws BrokerStartException if it cannot start
		 */
		public EmbeddedBroker start() {
			BrokerTls tls = (this.sslContext != null) ? new BrokerTls(this.sslPort, this.sslContext, this.sslParameters)
					: null;
			return EmbeddedBroker
				.start(new BrokerSettings((this.version != null) ? this.version : RabbitMqVersion.ofThisJvm(),
						this.port, tls, this.bindAddress, this.dataDir, this.consumerTimeout, this.handshakeTimeout,
						this.timeline, this.operatorLog, this.users.isEmpty() ? Map.of("guest", "guest") : this.users,
						this.virtualHosts.isEmpty() ? List.of("/") : List.copyOf(this.virtualHosts), this.permissions,
						this.topicPermissions, new BrokerLimits(this.connectionMax, this.connectionsPerSecond,
								this.failedLoginsPerMinute, this.userLimits, this.virtualHostLimits)));
		}

	}

}
