package dev.warren.rpc;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.rabbitmq.client.AMQP;
import org.jspecify.annotations.Nullable;

/**
 * A request as a server got it.
 *
 * @param properties its properties
 * @param body its body
 * @param traceContext the headers that carry its trace context
 * (<a href="https://www.w3.org/TR/trace-context/">W3C</a>)
 */
record Request(AMQP.BasicProperties properties, byte[] body, Map<String, String> traceContext) {

	private static final List<String> TRACE_CONTEXT = List.of("traceparent", "tracestate");

	private static final int MAX_SHOWN = 100;

	private static final int NUMBER_DIGITS = 9;

	private static final int MILLIS_DIGITS = 15;

	Request(AMQP.BasicProperties properties, byte[] body) {
		this(properties, body, traceContext(properties));
	}

	@Nullable String replyTo() {
		String replyTo = this.properties.getReplyTo();
		return (replyTo != null && !replyTo.isEmpty()) ? replyTo : null;
	}

	@Nullable String correlationId() {
		return this.properties.getCorrelationId();
	}

	/**
	 * Tells it from others; {@code null} if that cannot be told.
	 */
	@Nullable String key() {
		return (correlationId() != null) ? correlationId() + " " + replyTo() : null;
	}

	private static Map<String, String> traceContext(AMQP.BasicProperties properties) {
		if (header(properties, TRACE_CONTEXT.get(0)) == null) {
			return Map.of();
		}
		Map<String, String> headers = new HashMap<>();
		for (String name : TRACE_CONTEXT) {
			Object value = header(properties, name);
			if (value != null) {
				headers.put(name, value.toString());
			}
		}
		return headers;
	}

	private @Nullable Object header(String name) {
		return header(this.properties, name);
	}

	private static @Nullable Object header(AMQP.BasicProperties properties, String name) {
		Map<String, Object> headers = properties.getHeaders();
		return (headers != null) ? headers.get(name) : null;
	}

	/**
	 * The index asked for, or -1 if the body is not a number.
	 */
	int n() {
		// The tutorials' Python server takes white space around the number, too.
		String text = (this.body.length <= MAX_SHOWN) ? text().strip() : "";
		return text.length() <= NUMBER_DIGITS && isDigits(text) ? Integer.parseInt(text) : -1;
	}

	/**
	 * How many servers it has taken down before it came here.
	 */
	int crashes() {
		return (header(RpcTopology.CRASHES_HEADER) instanceof Number crashes) ? Math.max(0, crashes.intValue()) : 0;
	}

	/**
	 * Until when its caller waits, in milliseconds since 1970; {@code null} if that
	 * cannot be told.
	 */
	@Nullable Long deadline() {
		return millis(String.valueOf(header(RpcTopology.DEADLINE_HEADER)));
	}

	/**
	 * The properties of a copy that goes back into the queue. It has what is left of the
	 * original's time to live, and all its properties but those that tell the broker to
	 * do something again: {@code user_id}, which it takes from nobody but that user, and
	 * {@code CC}, the queues that have had it.
	 * @param crashes how many servers it has taken down
	 * @param now the time, in milliseconds since 1970
	 */
	AMQP.BasicProperties retried(int crashes, long now) {
		Map<String, Object> headers = new HashMap<>();
		if (this.properties.getHeaders() != null) {
			headers.putAll(this.properties.getHeaders());
		}
		headers.remove("CC");
		headers.put(RpcTopology.CRASHES_HEADER, crashes);
		AMQP.BasicProperties.Builder copy = this.properties.builder().userId(null);
		Long deadline = deadline();
		Long expiration = millis(String.valueOf(this.properties.getExpiration()));
		if (deadline == null && expiration != null) {
			// A stranger's. How long it was in the queue is not known, but it is not to
			// get as much again for each server.
			deadline = now + expiration;
			headers.put(RpcTopology.DEADLINE_HEADER, Long.toString(deadline));
		}
		if (deadline != null) {
			copy.expiration(Long.toString(Math.max(0, deadline - now)));
		}
		return copy.headers(headers).build();
	}

	private static @Nullable Long millis(String text) {
		return text.length() <= MILLIS_DIGITS && isDigits(text) ? Long.valueOf(text) : null;
	}

	/**
	 * Whether a text is a number as requests and replies have it: ASCII digits only.
	 */
	static boolean isDigits(String text) {
		return !text.isEmpty() && text.chars().allMatch((digit) -> digit >= '0' && digit <= '9');
	}

	/**
	 * The body to show, of printable ASCII.
	 */
	String shown() {
		return printable(text());
	}

	@Override
	public String toString() {
		return "'%s', correlation id %s, reply to %s".formatted(shown(), printable(String.valueOf(correlationId())),
				printable(String.valueOf(replyTo())));
	}

	private String text() {
		return new String(this.body, 0, Math.min(this.body.length, MAX_SHOWN), StandardCharsets.UTF_8);
	}

	private static String printable(String text) {
		return text.replaceAll("[^\\x20-\\x7e]", "?");
	}

}
