package dev.warren.broker.rabbitmq.connection;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import dev.warren.broker.rabbitmq.definitions.Grant;
import dev.warren.broker.rabbitmq.definitions.User;
import dev.warren.broker.rabbitmq.event.Detail;
import dev.warren.broker.rabbitmq.event.Happening;
import dev.warren.broker.rabbitmq.event.Origin;
import dev.warren.broker.rabbitmq.host.VirtualHost;
import dev.warren.broker.rabbitmq.host.VirtualHostAccess;
import dev.warren.broker.rabbitmq.stats.Churn;
import dev.warren.broker.rabbitmq.time.EngineClock;
import dev.warren.broker.rabbitmq.upgrade.Change;
import dev.warren.broker.rabbitmq.wire.ArgumentTable;
import dev.warren.broker.rabbitmq.wire.Dialect;
import dev.warren.broker.rabbitmq.wire.Method;
import dev.warren.broker.rabbitmq.wire.MethodReader;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import org.jspecify.annotations.Nullable;

/**
 * The methods of class connection: who the client is, what both sides can, which virtual
 * host it works in.
 */
final class Handshake {

	private static final int DEFAULT_CHANNEL_MAX = 2047;

	private static final int DEFAULT_FRAME_MAX = 131_072;

	private static final int DEFAULT_HEARTBEAT = 60;

	private static final String PLAIN = "PLAIN";

	private static final String AMQPLAIN = "AMQPLAIN";

	private static final String EXTERNAL = "EXTERNAL";

	private final ClientConnection connection;

	private final Network network;

	private State state = State.HEADER;

	private String mechanism = PLAIN;

	private @Nullable Login login;

	private String user = "";

	private final LoggedClient log;

	private final Turns turns;

	private Map<String, ?> clientCapabilities = Map.of();

	/** No longer than a frame before anybody is logged in. */
	private Map<String, ? extends @Nullable Object> clientProperties = Map.of();

	private String connectionName = "";

	private @Nullable VirtualHost virtualHost;

	private long frameMax;

	private int heartbeat;

	private long connectedAt;

	private int channelMax = DEFAULT_CHANNEL_MAX;

	Handshake(ClientConnection connection, Network network) {
		this.connection = connection;
		this.network = network;
		this.turns = new Turns(connection, network);
		this.log = new LoggedClient(network.log(), network.endpoints().connectionName());
	}

	LoggedClient log() {
		return this.log;
	}

	boolean hasStarted() {
		return this.state != State.HEADER;
	}

	int channelMax() {
		return this.channelMax;
	}

	/**
	 * What was agreed on, once the connection is open.
	 */
	ConnectionSnapshot.Negotiated negotiated() {
		return new ConnectionSnapshot.Negotiated(this.network.isAmqp08() ? "AMQP 0-8" : "AMQP 0-9-1", this.mechanism,
				this.clientProperties, this.channelMax, this.frameMax, this.heartbeat, this.connectedAt);
	}

	/**
	 * Whether the client said it can handle what not all clients can.
	 */
	boolean clientCan(String capability) {
		return Boolean.TRUE.equals(this.clientCapabilities.get(capability));
	}

	void begin() {
		this.state = State.WAITING;
		this.log.accepted();
		this.turns.begin(this::start);
	}

	private void start() {
		this.state = State.START_OK;
		this.connection.writer()
			.method(0, Method.CONNECTION_START)
			.octet(this.network.isAmqp08() ? 8 : 0)
			.octet(this.network.isAmqp08() ? 0 : 9)
			.table(ServerProperties.of(this.network.dialect(), this.network.isAmqp08()))
			.longString(String.join(" ", mechanisms()))
			.longString("en_US")
			.end();
	}

	private List<String> mechanisms() {
		Collection<String> available = this.network.mechanisms();
		List<String> offered = new ArrayList<>();
		if (available.contains(PLAIN)) {
			offered.add(PLAIN);
			offered.add(AMQPLAIN);
		}
		if (available.contains(EXTERNAL)) {
			offered.add(EXTERNAL);
		}
		return offered;
	}

	void method(int method, MethodReader reader) {
		State expected = this.state;
		if (method == Method.CONNECTION_START_OK && expected == State.START_OK) {
			startOk(reader.table(), reader.shortString(), reader.longString());
		}
		else if (method == Method.CONNECTION_SECURE_OK && expected == State.SECURE_OK) {
			authenticate(reader.longString());
		}
		else if (method == Method.CONNECTION_TUNE_OK && expected == State.TUNE_OK) {
			tuneOk(reader.shortInt(), reader.longInt() & 0xffffffffL, reader.shortInt());
		}
		else if (method == Method.CONNECTION_OPEN && expected == State.OPEN) {
			open(reader.shortString());
		}
		else if (method == Method.CONNECTION_UPDATE_SECRET && this.connection.isOpened()) {
			// Users have passwords here, which do not expire: the new one is not looked
			// at,
			// as by RabbitMQ's own users.
			reader.longString();
			reader.shortString();
			this.connection.writer().method(0, Method.CONNECTION_UPDATE_SECRET_OK).end();
		}
		else {
			throw ReplyCode.COMMAND_INVALID.error("unexpected method %d of class connection", Method.numberOf(method));
		}
	}

	private void startOk(Map<String, ?> clientProperties, String mechanism, byte[] response) {
		this.clientProperties = clientProperties;
		if (clientProperties.get("capabilities") instanceof Map<?, ?> capabilities) {
			this.clientCapabilities = Map.copyOf(withoutNulls(capabilities));
		}
		Object name = clientProperties.get("connection_name");
		if (name != null) {
			this.log.named(name.toString());
		}
		this.connectionName = Objects.toString((name != null) ? name : clientProperties.get("product"), "");
		this.network.introduce(String.valueOf(clientProperties.get("product")),
				String.valueOf(clientProperties.get("version")),
				(name != null) ? name.toString() : UUID.randomUUID().toString());
		if (!mechanisms().contains(mechanism)) {
			throw ReplyCode.COMMAND_INVALID.error("unknown authentication mechanism '%s'", mechanism);
		}
		this.mechanism = mechanism;
		byte[] initial = mechanism.equals(AMQPLAIN) ? plain(response) : response;
		this.login = this.network.login(mechanism.equals(AMQPLAIN) ? PLAIN : mechanism);
		if (this.login == null) {
			throw ReplyCode.COMMAND_INVALID.error("unknown authentication mechanism '%s'", mechanism);
		}
		authenticate(initial);
	}

	private static Map<String, Object> withoutNulls(Map<?, ?> table) {
		Map<String, Object> result = new HashMap<>();
		table.forEach((name, value) -> {
			if (value != null) {
				result.put(String.valueOf(name), value);
			}
		});
		return result;
	}

	/**
	 * AMQPLAIN is PLAIN in a table, one without its length.
	 */
	private static byte[] plain(byte[] response) {
		ByteBuffer table = ByteBuffer.allocate(4 + response.length).putInt(response.length).put(response).flip();
		Map<String, ?> fields = ArgumentTable.read(table);
		return ("\0" + fields.get("LOGIN") + "\0" + fields.get("PASSWORD")).getBytes(StandardCharsets.UTF_8);
	}

	private void authenticate(byte[] response) {
		Login current = this.login;
		if (current == null) {
			throw ReplyCode.COMMAND_INVALID.error("unexpected authentication");
		}
		this.state = State.WAITING;
		if (!this.turns.logIn(() -> authenticate(current, response))) {
			refuse(plainUser(response), "- too many refused logins from this address");
		}
	}

	private void authenticate(Login current, byte[] response) {
		Login.Outcome outcome = current.respond(response);
		if (!(outcome instanceof Login.Refused)) {
			this.turns.loggedIn();
		}
		if (outcome instanceof Login.Challenged challenged) {
			this.state = State.SECURE_OK;
			this.connection.writer().method(0, Method.CONNECTION_SECURE).longString(challenged.challenge()).end();
			return;
		}
		this.login = null;
		if (!(outcome instanceof Login.Accepted accepted)) {
			refuse(plainUser(response), "- invalid credentials");
			return;
		}
		if (!User.mayLogIn(accepted.user(), this.network.endpoints().loopback())) {
			refuse(accepted.user(), "can only connect via localhost");
			return;
		}
		this.user = accepted.user();
		this.log.authenticated(this.user);
		tune();
	}

	/**
	 * The user of a PLAIN response (RFC 4616, section 2); empty if it is none.
	 */
	private static String plainUser(byte[] response) {
		String[] parts = new String(response, StandardCharsets.UTF_8).split("\0", 3);
		return (parts.length == 3) ? parts[1] : "";
	}

	private void refuse(String claimedUser, String reason) {
		this.log.loginRefused(this.mechanism, claimedUser, reason);
		String text = "Login was refused using authentication mechanism " + this.mechanism
				+ ". For details see the broker logfile.";
		if (clientCan("authentication_failure_close")) {
			// As RabbitMQ does it, without naming the method.
			this.connection.close(ReplyCode.ACCESS_REFUSED.connectionError(text));
		}
		else {
			this.connection.drop(text);
		}
	}

	private void tune() {
		this.state = State.TUNE_OK;
		this.connection.writer()
			.method(0, Method.CONNECTION_TUNE)
			.shortInt(DEFAULT_CHANNEL_MAX)
			.longInt(DEFAULT_FRAME_MAX)
			.shortInt(DEFAULT_HEARTBEAT)
			.end();
	}

	private void tuneOk(int wantedChannelMax, long wantedFrameMax, int wantedHeartbeat) {
		checkNegotiated("frame_max", wantedFrameMax, this.network.dialect().leastFrameMax(), DEFAULT_FRAME_MAX);
		checkNegotiated("channel_max", wantedChannelMax, 1, DEFAULT_CHANNEL_MAX);
		this.channelMax = wantedChannelMax;
		this.frameMax = wantedFrameMax;
		this.heartbeat = wantedHeartbeat;
		this.state = State.OPEN;
		this.connection.tuned((int) wantedFrameMax, wantedHeartbeat);
	}

	private static void checkNegotiated(String what, long value, long least, long most) {
		if (value != 0 && value < least) {
			throw ReplyCode.NOT_ALLOWED.error("negotiated %s = %d is lower than the minimum allowed value (%d)", what,
					value, least);
		}
		if (value == 0 || value > most) {
			throw ReplyCode.NOT_ALLOWED.error("negotiated %s = %s is greater than the maximum allowed value (%d)", what,
					(value == 0) ? "0 (no limit)" : value, most);
		}
	}

	private void open(String virtualHostName) {
		HostedVirtualHost virtualHost = this.network.virtualHost(virtualHostName);
		if (virtualHost == null) {
			throw ReplyCode.NOT_ALLOWED.error("vhost %s not found", virtualHostName);
		}
		virtualHost.checkLimits(this.user);
		Grant grant = virtualHost.grant(this.user);
		if (grant.current().isNone()) {
			throw ReplyCode.NOT_ALLOWED.error("access to vhost '%s' refused for user '%s'", virtualHostName, this.user);
		}
		RunningVirtualHost running = virtualHost.enter(this.user);
		if (running.virtualHost().faults().refusesConnections()) {
			this.connection.drop("a fault of the test refuses connections");
			return;
		}
		this.state = State.RUNNING;
		this.log.entered(virtualHostName);
		if (this.frameMax < Dialect.newest().leastFrameMax()) {
			running.virtualHost()
				.queues()
				.changedUses()
				.count(Change.SMALL_FRAMES, this.connectionName, "frame_max " + this.frameMax);
		}
		this.connectedAt = EngineClock.system().millis();
		this.virtualHost = running.virtualHost();
		this.virtualHost.stats().count(Churn.CONNECTION_CREATED);
		this.virtualHost.queues()
			.events()
			.tell(Happening.CONNECTED, origin(), "", new Detail.Reason(() -> "as user '" + this.user + "'"));
		this.connection.opened(
				new VirtualHostAccess(running.virtualHost(), this.user, this.connectionName, grant, this.log),
				running.alarms());
		this.connection.writer().method(0, Method.CONNECTION_OPEN_OK).shortString("").end();
	}

	private Origin origin() {
		return new Origin(this.connectionName, 0);
	}

	/**
	 * Tells those who listen to the virtual host that the connection is gone.
	 * @param cause why the broker closed it, or null
	 */
	void tellEnd(@Nullable String cause) {
		if (this.virtualHost != null) {
			this.virtualHost.stats().count(Churn.CONNECTION_CLOSED);
			this.virtualHost.queues()
				.events()
				.tell(Happening.DISCONNECTED, origin(), "", new Detail.Reason(() -> (cause != null) ? cause : ""));
		}
	}

	/**
	 * Tells the client that the connection is over.
	 * @param method the one that is to blame, 0 if none is
	 */
	void writeClose(ProtocolException error, int method) {
		this.connection.writer()
			.method(0, Method.connectionClose(this.network.isAmqp08()))
			.shortInt(error.code().code())
			.shortString(error.replyText())
			.longInt(method)
			.end();
	}

	/**
	 * Tells a client that wants to know why it is not listened to.
	 */
	void writeBlocked(String reason) {
		if (clientCan("connection.blocked")) {
			this.connection.writer().method(0, Method.CONNECTION_BLOCKED).shortString(reason).end();
		}
	}

	void writeUnblocked() {
		if (clientCan("connection.blocked")) {
			this.connection.writer().method(0, Method.CONNECTION_UNBLOCKED).end();
		}
	}

	/** What is expected next. */
	private enum State {

		HEADER, WAITING, START_OK, SECURE_OK, TUNE_OK, OPEN, RUNNING

	}

}
