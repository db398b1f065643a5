package dev.warren.broker.rabbitmq;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import org.apache.qpid.server.model.NamedAddressSpace;
import org.apache.qpid.server.model.VirtualHost;
import org.apache.qpid.server.model.VirtualHostNode;
import org.apache.qpid.server.security.SubjectCreator;
import org.apache.qpid.server.security.auth.SubjectAuthenticationResult;
import org.apache.qpid.server.security.auth.sasl.SaslNegotiator;
import org.apache.qpid.server.security.limit.ConnectionLimitException;
import org.apache.qpid.server.virtualhost.QueueManagingVirtualHost;
import org.apache.qpid.server.virtualhost.VirtualHostUnavailableException;
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

	/** A user everybody knows the password of. */
	private static final String LOOPBACK_USER = "guest";

	private final ClientConnection connection;

	private State state = State.HEADER;

	private String mechanism = PLAIN;

	private @Nullable SaslNegotiator negotiator;

	private Map<String, ?> clientCapabilities = Map.of();

	private int channelMax = DEFAULT_CHANNEL_MAX;

	Handshake(ClientConnection connection) {
		this.connection = connection;
	}

	boolean hasStarted() {
		return this.state != State.HEADER;
	}

	int channelMax() {
		return this.channelMax;
	}

	/**
	 * Whether the client said it can handle what not all clients can.
	 */
	boolean clientCan(String capability) {
		return Boolean.TRUE.equals(this.clientCapabilities.get(capability));
	}

	void start() {
		this.state = State.START_OK;
		this.connection.writer()
			.method(0, Wire.CONNECTION, 10)
			.octet(this.connection.isAmqp08() ? 8 : 0)
			.octet(this.connection.isAmqp08() ? 0 : 9)
			.table(this.connection.isAmqp08() ? ServerProperties.TABLE_08 : ServerProperties.TABLE)
			.longString(String.join(" ", mechanisms()))
			.longString("en_US")
			.end();
	}

	private List<String> mechanisms() {
		boolean secure = this.connection.getTransport().isSecure();
		List<String> available = this.connection.getPort().getAuthenticationProvider().getAvailableMechanisms(secure);
		List<String> offered = new ArrayList<>();
		if (available.contains(PLAIN)) {
			offered.add(PLAIN);
			offered.add(AMQPLAIN);
		}
		if (secure && available.contains(EXTERNAL)) {
			offered.add(EXTERNAL);
		}
		return offered;
	}

	void method(int methodId, MethodReader reader) {
		State expected = this.state;
		if (methodId == 11 && expected == State.START_OK) {
			startOk(reader.table(), reader.shortString(), reader.longString());
		}
		else if (methodId == 21 && expected == State.SECURE_OK) {
			authenticate(reader.longString());
		}
		else if (methodId == 31 && expected == State.TUNE_OK) {
			tuneOk(reader.shortInt(), reader.longInt() & 0xffffffffL, reader.shortInt());
		}
		else if (methodId == 40 && expected == State.OPEN) {
			open(reader.shortString());
		}
		else {
			throw ReplyCode.COMMAND_INVALID.error("unexpected method %d of class connection", methodId);
		}
	}

	private void startOk(Map<String, ?> clientProperties, String mechanism, byte[] response) {
		if (clientProperties.get("capabilities") instanceof Map<?, ?> capabilities) {
			this.clientCapabilities = Map.copyOf(withoutNulls(capabilities));
		}
		this.connection.setClientProduct(String.valueOf(clientProperties.get("product")));
		this.connection.setClientVersion(String.valueOf(clientProperties.get("version")));
		Object name = clientProperties.get("connection_name");
		this.connection.setClientId((name != null) ? name.toString() : UUID.randomUUID().toString());
		if (!mechanisms().contains(mechanism)) {
			throw ReplyCode.COMMAND_INVALID.error("unknown authentication mechanism '%s'", mechanism);
		}
		this.mechanism = mechanism;
		byte[] initial = mechanism.equals(AMQPLAIN) ? plain(response) : response;
		this.negotiator = subjectCreator().createSaslNegotiator(mechanism.equals(AMQPLAIN) ? PLAIN : mechanism,
				this.connection);
		if (this.negotiator == null) {
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

	private SubjectCreator subjectCreator() {
		return this.connection.getPort()
			.getSubjectCreator(this.connection.getTransport().isSecure(),
					this.connection.getNetwork().getSelectedHost());
	}

	private void authenticate(byte[] response) {
		SaslNegotiator current = this.negotiator;
		if (current == null) {
			throw ReplyCode.COMMAND_INVALID.error("unexpected authentication");
		}
		SubjectAuthenticationResult result = subjectCreator().authenticate(current, response);
		switch (result.getStatus()) {
			case SUCCESS -> {
				current.dispose();
				this.negotiator = null;
				this.connection.setSubject(result.getSubject());
				if (mayNotComeFromAfar(this.connection.getAuthorizedPrincipal().getName())) {
					refuse();
				}
				else {
					tune();
				}
			}
			case CONTINUE -> {
				this.state = State.SECURE_OK;
				this.connection.writer().method(0, Wire.CONNECTION, 20).longString(result.getChallenge()).end();
			}
			default -> {
				current.dispose();
				this.negotiator = null;
				refuse();
			}
		}
	}

	private boolean mayNotComeFromAfar(String user) {
		SocketAddress address = this.connection.getRemoteSocketAddress();
		return user.equals(LOOPBACK_USER)
				&& !(address instanceof InetSocketAddress inet && inet.getAddress().isLoopbackAddress());
	}

	private void refuse() {
		String text = "Login was refused using authentication mechanism " + this.mechanism
				+ ". For details see the broker logfile.";
		if (clientCan("authentication_failure_close")) {
			// As RabbitMQ does it, without naming the method.
			ProtocolException refusal = ReplyCode.ACCESS_REFUSED.connectionError(text);
			this.connection.close(refusal.code(), refusal.replyText(), null);
		}
		else {
			this.connection.drop(text);
		}
	}

	private void tune() {
		this.state = State.TUNE_OK;
		this.connection.writer()
			.method(0, Wire.CONNECTION, 30)
			.shortInt(DEFAULT_CHANNEL_MAX)
			.longInt(DEFAULT_FRAME_MAX)
			.shortInt(DEFAULT_HEARTBEAT)
			.end();
	}

	private void tuneOk(int wantedChannelMax, long wantedFrameMax, int heartbeat) {
		checkNegotiated("frame_max", wantedFrameMax, Wire.FRAME_MIN_SIZE, DEFAULT_FRAME_MAX);
		checkNegotiated("channel_max", wantedChannelMax, 1, DEFAULT_CHANNEL_MAX);
		this.channelMax = wantedChannelMax;
		this.state = State.OPEN;
		this.connection.tuned((int) wantedFrameMax, heartbeat);
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
		NamedAddressSpace found = find(virtualHostName);
		if (!(found instanceof QueueManagingVirtualHost<?> virtualHost) || !found.isActive()) {
			throw ReplyCode.NOT_ALLOWED.error("vhost %s not found", virtualHostName);
		}
		String user = this.connection.getAuthorizedPrincipal().getName();
		Permissions permissions = Permissions.of(virtualHost, user);
		if (permissions.isNone()) {
			throw ReplyCode.NOT_ALLOWED.error("access to vhost '%s' refused for user '%s'", virtualHostName, user);
		}
		try {
			found.registerConnection(this.connection);
		}
		catch (VirtualHostUnavailableException | ConnectionLimitException ex) {
			throw ReplyCode.NOT_ALLOWED.error("access to vhost '%s' refused for user '%s': %s", virtualHostName, user,
					String.valueOf(ex.getMessage()));
		}
		this.connection.setAddressSpace(found);
		this.state = State.RUNNING;
		this.connection.opened(new VirtualHostAccess(Topologies.of(virtualHost, virtualHostName), user, permissions));
		this.connection.writer().method(0, Wire.CONNECTION, 41).shortString("").end();
	}

	private @Nullable NamedAddressSpace find(String name) {
		for (VirtualHostNode<?> node : this.connection.getBroker().getChildren(VirtualHostNode.class)) {
			VirtualHost<?> virtualHost = node.getVirtualHost();
			if (node.getName().equals(name) && virtualHost != null) {
				return virtualHost;
			}
		}
		// Qpid knows virtual hosts without the leading slash, and the default one without
		// a name.
		return name.startsWith("/") ? this.connection.getPort().getAddressSpace(name.substring(1)) : null;
	}

	/**
	 * Tells a client that wants to know why it is not listened to.
	 */
	void writeBlocked(Set<Shortage> shortages) {
		if (clientCan("connection.blocked")) {
			String reasons = shortages.stream()
				.map((shortage) -> shortage.name().toLowerCase(Locale.ROOT))
				.collect(Collectors.joining(" & "));
			this.connection.writer().method(0, Wire.CONNECTION, 60).shortString("low on " + reasons).end();
		}
	}

	void writeUnblocked() {
		if (clientCan("connection.blocked")) {
			this.connection.writer().method(0, Wire.CONNECTION, 61).end();
		}
	}

	/** What is expected next. */
	private enum State {

		HEADER, START_OK, SECURE_OK, TUNE_OK, OPEN, RUNNING

	}

}
