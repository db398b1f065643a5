package dev.warren.rpc;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.stereotype.Component;

/**
 * Computes what servers reply.
 */
@Component
@ConditionalOnRole(RpcProperties.Role.SERVER)
class Answering {

	private static final String ANSWERED = "ANSWERED";

	private static final Log logger = LogFactory.getLog(Answering.class);

	private final Fibonacci algorithm;

	private final Duration timeout;

	private final Strangers strangers;

	private final Tracer tracer;

	private final Propagator propagator;

	private final Map<String, Timer> outcomes = new HashMap<>();

	Answering(RpcProperties properties, Strangers strangers, Tracer tracer, Propagator propagator,
			MeterRegistry meters) {
		this.algorithm = properties.algorithm();
		this.timeout = properties.timeout();
		this.strangers = strangers;
		this.tracer = tracer;
		this.propagator = propagator;
		this.outcomes.put(ANSWERED, timer(ANSWERED, meters));
		for (RpcError error : RpcError.values()) {
			this.outcomes.put(error.name(), timer(error.name(), meters));
		}
	}

	private static Timer timer(String outcome, MeterRegistry meters) {
		return Timer.builder("warren.rpc.requests")
			.description("Requests that got a reply, by what it was, and how long a server had them")
			.tag("outcome", outcome.toLowerCase(Locale.ROOT))
			.register(meters);
	}

	/**
	 * Records a reply that was sent.
	 * @param nanos how long the server had the request
	 */
	void record(FibonacciReply reply, long nanos) {
		Objects.requireNonNull(this.outcomes.get((reply.error() != null) ? reply.error() : ANSWERED))
			.record(nanos, TimeUnit.NANOSECONDS);
	}

	/**
	 * Answers a request.
	 * @param server the server that answers
	 * @param abandoned asked now and then whether the server cannot reply any more
	 * @return the reply: the number, or why there is none
	 */
	FibonacciReply answer(Request request, String server, BooleanSupplier abandoned) {
		int n = request.n();
		if (n < 0 || n > this.algorithm.maxN()) {
			this.strangers.report(Strangers.Fault.NOT_A_NUMBER, request);
			return new FibonacciReply(
					"'%s' is not a number from 0 to %d".formatted(request.shown(), this.algorithm.maxN()), server,
					RpcError.INVALID_REQUEST.name());
		}
		long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(remainingMillis(request));
		BooleanSupplier expired = () -> System.nanoTime() - deadline >= 0 || abandoned.getAsBoolean();
		try {
			if (!expired.getAsBoolean()) {
				return new FibonacciReply(compute(n, server, expired), server, null);
			}
		}
		catch (Fibonacci.ExpiredException ex) {
			// Nobody waits any more.
		}
		catch (RuntimeException ex) {
			logger.error("fib(%d) failed".formatted(n), ex);
			return new FibonacciReply("fib(%d) failed; the server's log says why".formatted(n), server,
					RpcError.FAILED.name());
		}
		return new FibonacciReply("fib(%d) took too long".formatted(n), server, RpcError.TIMED_OUT.name());
	}

	/**
	 * Computes a number.
	 * @param expired asked now and then whether nobody waits any more
	 * @throws Fibonacci.ExpiredException if so
	 */
	String compute(int n, String server, BooleanSupplier expired) {
		return this.algorithm.compute(n, expired).toString();
	}

	// At most the service's own timeout; the time in the queue is a part of it where the
	// request says since when its caller waits.
	private long remainingMillis(Request request) {
		Long deadline = request.deadline();
		long most = this.timeout.toMillis();
		return (deadline != null) ? Math.min(deadline - System.currentTimeMillis(), most) : most;
	}

	/**
	 * Starts the span of what a server does with a request, in the trace of who asked.
	 * Not an observation, as a Spring listener container has: those take longer than to
	 * answer.
	 */
	Span startSpan(Request request, String server) {
		return this.propagator.extract(request.traceContext(), Map::get)
			.kind(Span.Kind.CONSUMER)
			.name(RpcTopology.REQUESTS + " receive")
			.tag("messaging.system", "rabbitmq")
			.tag("messaging.destination.name", RpcTopology.REQUESTS)
			.tag("messaging.consumer.name", server)
			.start();
	}

	/**
	 * Has the log lines of this thread tell the trace of a span.
	 */
	Tracer.SpanInScope inScope(Span span) {
		return this.tracer.withSpan(span);
	}

}
