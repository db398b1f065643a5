package dev.warren.broker.rabbitmq.connection;

import java.time.Duration;
import java.util.Locale;

import dev.warren.broker.rabbitmq.host.ClientLog;
import dev.warren.broker.rabbitmq.time.EngineClock;
import dev.warren.broker.rabbitmq.wire.Method;
import dev.warren.broker.rabbitmq.wire.Names;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import org.jspecify.annotations.Nullable;

/**
 * What the log says of a client, from its first bytes to its last. Everything a client
 * says is printed in one line and cut.
 */
final class LoggedClient implements ClientLog {

	private static final int LONGEST_NAME = 100;

	private static final int LONGEST_REASON = 200;

	private static final EngineClock CLOCK = EngineClock.system();

	private final OperatorLog log;

	/** Both ends, such as {@code 127.0.0.1:50123 -> 127.0.0.1:5672}. */
	private final String connection;

	private final long start = CLOCK.nanos();

	private String name = "";

	private String user = "";

	private String virtualHost = "";

	private String state = "starting";

	private boolean accepted;

	private boolean toldWhy;

	LoggedClient(OperatorLog log, String connection) {
		this.log = log;
		this.connection = connection;
	}

	void accepted() {
		this.accepted = true;
		this.log.info(() -> "accepting AMQP connection " + this.connection);
	}

	/**
	 * @param clientName what the client calls its connection
	 */
	void named(String clientName) {
		this.log.info(() -> "connection " + this.connection + " has a client-provided name: " + name(clientName));
		this.name = clientName;
	}

	/**
	 * @param mechanism how the client wanted to prove who it is
	 * @param reason what was wrong, which the client is not told
	 */
	void loginRefused(String mechanism, String claimedUser, String reason) {
		this.toldWhy = true;
		String who = claimedUser.isEmpty() ? "" : "user '" + name(claimedUser) + "' ";
		this.log.refused(() -> error() + ": " + mechanism + " login refused: " + who + reason);
	}

	void authenticated(String authenticated) {
		this.user = authenticated;
		this.state = "opening";
	}

	void entered(String entered) {
		this.virtualHost = entered;
		this.state = "running";
		this.log.info(() -> "connection " + this.connection + (this.name.isEmpty() ? "" : " - " + name(this.name))
				+ ": user '" + name(this.user) + "' authenticated and granted access to vhost '" + name(entered) + "'");
	}

	/**
	 * The connection is closed for an error.
	 * @param method the one that is to blame, 0 if none is
	 */
	void failed(ProtocolException error, int method) {
		if (this.toldWhy) {
			return;
		}
		this.toldWhy = true;
		if (error.code() == ReplyCode.CONNECTION_FORCED) {
			this.log.warn(() -> "Closing AMQP connection (" + describe() + "): " + text(error));
		}
		else if (this.state.equals("opening") && error.code() == ReplyCode.NOT_ALLOWED) {
			this.log.refused(() -> error() + ": " + text(error));
		}
		else {
			this.log.refused(() -> error() + ": " + operation(method, error, "connection"));
		}
	}

	/**
	 * The connection is dropped without a word.
	 */
	void dropped(String reason) {
		if (!this.toldWhy) {
			this.toldWhy = true;
			this.log.refused(() -> "closing AMQP connection (" + describeEnd() + "): " + text(reason));
		}
	}

	/**
	 * The socket is closed.
	 * @param expected whether either side said so before
	 */
	void closed(boolean expected) {
		if (expected || this.toldWhy) {
			this.log.info(() -> "closing AMQP connection (" + describeEnd() + ")");
		}
		// Who only looks whether there is TLS is not worth a line.
		else if (this.accepted) {
			this.log.warn(
					() -> "closing AMQP connection (" + describeEnd() + "): client unexpectedly closed TCP connection");
		}
	}

	@Override
	public void channelFailed(int channel, int method, ProtocolException error) {
		this.log.error(() -> "Channel error on connection (" + describe() + "), channel " + channel + ": "
				+ operation(method, error, "channel"));
	}

	@Override
	public void late(int channel, String queue, int messages) {
		this.log.warn(() -> "Consumer on channel " + channel + " of connection (" + describe() + ") and queue '"
				+ name(queue) + "' has timed out waiting for consumer acknowledgements of " + messages + " deliveries");
	}

	private String error() {
		return "Error on AMQP connection (" + describe() + ", state: " + this.state + ")";
	}

	private String describeEnd() {
		return describe() + ", duration: '" + duration(Duration.ofNanos(CLOCK.nanos() - this.start)) + "'";
	}

	private String describe() {
		return this.connection + (this.name.isEmpty() ? "" : " - " + name(this.name))
				+ (this.virtualHost.isEmpty() ? "" : ", vhost: '" + name(this.virtualHost) + "'")
				+ (this.user.isEmpty() ? "" : ", user: '" + name(this.user) + "'");
	}

	private static String duration(Duration duration) {
		if (duration.toSeconds() == 0) {
			return duration.toMillis() + "ms";
		}
		StringBuilder text = new StringBuilder();
		append(text, duration.toDays(), "D, ");
		append(text, duration.toHoursPart(), "H, ");
		append(text, duration.toMinutesPart(), "M, ");
		return text.append(duration.toSecondsPart()).append('s').toString();
	}

	private static void append(StringBuilder text, long number, String unit) {
		if (number > 0 || !text.isEmpty()) {
			text.append(number).append(unit);
		}
	}

	private static String operation(int method, ProtocolException error, String what) {
		return "operation " + Method.nameOf(method) + " caused a " + what + " exception "
				+ error.code().name().toLowerCase(Locale.ROOT) + ": " + text(error);
	}

	private static String text(ProtocolException error) {
		String text = String.valueOf(error.getMessage());
		return text(text.substring(text.indexOf(" - ") + " - ".length()));
	}

	private static String text(@Nullable String text) {
		return Names.printable(String.valueOf(text), LONGEST_REASON);
	}

	private static String name(String name) {
		return Names.printable(name, LONGEST_NAME);
	}

}
