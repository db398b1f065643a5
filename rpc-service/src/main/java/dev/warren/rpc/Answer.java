package dev.warren.rpc;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.warren.messaging.problem.ProblemException;
import org.jspecify.annotations.Nullable;

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

	private static final double NANOS_OF_10_MICROS = 1e4;

	/**
	 * The answer a reply gives.
	 * @throws ProblemException if the reply is an error
	 */
	static Answer of(Call call, FibonacciReply reply) {
		double elapsedMs = Math.round(call.elapsedNanos() / NANOS_OF_10_MICROS) / 100.0;
		return new Answer(call.n(), reply.value(), call.correlationId(), reply.server(), elapsedMs, null);
	}

	static Answer failed(int n, ProblemException problem) {
		return new Answer(n, null, null, null, null, problem.getBody());
	}

}
