package dev.warren.rpc.web;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.warren.messaging.log.Printable;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.rpc.RpcTopology;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.http.ProblemDetail;

/**
 * What became of a call.
 *
 * @param n the index asked for
 * @param value the number, in decimal
 * @param correlationId the correlation id of the request
 * @param server the server that answered, if it says
 * @param elapsedMs how long the call took, in milliseconds
 * @param problem why there is no value, in a batch
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Answer(int n, @Nullable String value, @Nullable String correlationId, @Nullable String server,
		@Nullable Double elapsedMs, @Nullable ProblemDetail problem) {

	/**
	 * The answer a reply gives.
	 * @throws ProblemException if the reply is an error, or no number
	 */
	static Answer of(int n, Message reply, long begin) {
		MessageProperties properties = reply.getMessageProperties();
		String text = new String(reply.getBody(), StandardCharsets.UTF_8);
		String shown = Printable.line(text);
		Object error = properties.getHeader(RpcTopology.ERROR_HEADER);
		if (error != null) {
			throw new ProblemException(switch (error.toString()) {
				case "INVALID_REQUEST" -> ProblemType.INVALID_VALUE;
				case "TIMED_OUT" -> ProblemType.NO_REPLY;
				default -> ProblemType.SERVER_FAILED;
			}, shown);
		}
		if (!text.matches("[0-9]+")) {
			throw new ProblemException(ProblemType.SERVER_FAILED, "The reply is not a number: '%s'".formatted(shown));
		}
		Object server = properties.getHeader(RpcTopology.SERVER_HEADER);
		double elapsedMs = Math.round((System.nanoTime() - begin) / 10_000.0) / 100.0;
		return new Answer(n, text, properties.getCorrelationId(),
				(server != null) ? Printable.line(server.toString()) : null, elapsedMs, null);
	}

}
