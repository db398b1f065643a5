package dev.warren.rpc;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.support.micrometer.RabbitListenerObservation;
import org.springframework.amqp.rabbit.support.micrometer.RabbitListenerObservation.DefaultRabbitListenerObservationConvention;
import org.springframework.amqp.rabbit.support.micrometer.RabbitMessageReceiverContext;
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

	private final ObservationRegistry observationRegistry;

	private final Map<String, Counter> outcomes = new HashMap<>();

	Answering(RpcProperties properties, Strangers strangers, ObservationRegistry observationRegistry,
			MeterRegistry meters) {
		this.algorithm = properties.algorithm();
		this.timeout = properties.timeout();
		this.strangers = strangers;
		this.observationRegistry = observationRegistry;
		this.outcomes.put(ANSWERED, counter(ANSWERED, meters));
		for (RpcError error : RpcError.values()) {
			this.outcomes.put(error.name(), counter(error.name(), meters));
		}
	}

	private static Counter counter(String outcome, MeterRegistry meters) {
		return Counter.builder("warren.rpc.requests")
			.description("Requests that got a reply, by what it was")
			.tag("outcome", outcome.toLowerCase(Locale.ROOT))
			.register(meters);
	}

	/**
	 * Counts a reply that was sent.
	 */
	void count(FibonacciReply reply) {
		Objects.requireNonNull(this.outcomes.get((reply.error() != null) ? reply.error() : ANSWERED)).increment();
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
	 * Observes what is done with a request, as a Spring listener container would.
	 */
	void observe(Request request, String server, Observation.CheckedRunnable<IOException> work) throws IOException {
		RabbitListenerObservation.LISTENER_OBSERVATION
			.observation(null, DefaultRabbitListenerObservationConvention.INSTANCE,
					() -> new RabbitMessageReceiverContext(received(request), server), this.observationRegistry)
			.observeChecked(work);
	}

	private static Message received(Request request) {
		MessageProperties properties = new MessageProperties();
		request.traceContext().forEach(properties::setHeader);
		properties.setConsumerQueue(RpcTopology.REQUESTS);
		return new Message(request.body(), properties);
	}

}
