package dev.warren.rpc;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import com.rabbitmq.client.AMQP;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import org.jspecify.annotations.Nullable;

/**
 * What a server replies.
 *
 * @param text the number in decimal or, with an error, what is wrong
 * @param server the server, if it says
 * @param error the name of the {@link RpcError}, if it is one
 */
record FibonacciReply(String text, @Nullable String server, @Nullable String error) {

	private static final int MAX_SHOWN = 100;

	static FibonacciReply of(AMQP.BasicProperties properties, byte[] body) {
		Map<String, Object> headers = (properties.getHeaders() != null) ? properties.getHeaders() : Map.of();
		return new FibonacciReply(new String(body, StandardCharsets.UTF_8),
				Objects.toString(headers.get(RpcTopology.SERVER_HEADER), null),
				Objects.toString(headers.get(RpcTopology.ERROR_HEADER), null));
	}

	/**
	 * The properties it has as the reply to a request, whose trace context it takes back.
	 */
	AMQP.BasicProperties properties(Request request) {
		Map<String, Object> headers = new HashMap<>(request.traceContext());
		if (this.server != null) {
			headers.put(RpcTopology.SERVER_HEADER, this.server);
		}
		if (this.error != null) {
			headers.put(RpcTopology.ERROR_HEADER, this.error);
		}
		return new AMQP.BasicProperties.Builder().correlationId(request.correlationId())
			.contentType("text/plain")
			.contentEncoding("UTF-8")
			.headers(headers)
			.build();
	}

	byte[] body() {
		return this.text.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * The number.
	 * @throws ProblemException if the reply is an error, or no number
	 */
	String value() {
		if (this.error != null) {
			throw new ProblemException(switch (this.error) {
				case "INVALID_REQUEST" -> ProblemType.INVALID_VALUE;
				case "TIMED_OUT" -> ProblemType.NO_REPLY;
				default -> ProblemType.SERVER_FAILED;
			}, shown());
		}
		if (!Request.isDigits(this.text)) {
			throw new ProblemException(ProblemType.SERVER_FAILED, "The reply is not a number: '%s'".formatted(shown()));
		}
		return this.text;
	}

	private String shown() {
		return this.text.substring(0, Math.min(this.text.length(), MAX_SHOWN));
	}

}
