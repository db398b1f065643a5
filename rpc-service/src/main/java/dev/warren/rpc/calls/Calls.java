package dev.warren.rpc.calls;

import java.util.EnumSet;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.warren.messaging.log.Reason;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.messaging.publish.NotRoutedException;
import dev.warren.rpc.ConditionalOnRole;
import dev.warren.rpc.FibonacciClient;
import dev.warren.rpc.RpcProperties;
import dev.warren.rpc.RpcTopology;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.config.SimpleRabbitListenerContainerFactory;
import org.springframework.amqp.rabbit.listener.AsyncConsumerRestartedEvent;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * The calls under way: bounds them, waits for them as long as their callers do, ends them
 * when their replies cannot come any more, and counts how they ended.
 */
@Component
@ConditionalOnRole(RpcProperties.Role.CLIENT)
public class Calls {

	private static final int REPLY_PREFETCH = 10;

	private final FibonacciClient client;

	private final RpcProperties properties;

	private final MeterRegistry meters;

	private final AmqpAdmin admin;

	private final Queue replies;

	private final Semaphore places;

	Calls(FibonacciClient client, RpcProperties properties, MeterRegistry meters, AmqpAdmin admin, Queue replies) {
		this.client = client;
		this.properties = properties;
		this.meters = meters;
		this.admin = admin;
		this.replies = replies;
		this.places = new Semaphore(properties.maxInFlight());
		EnumSet.allOf(Outcome.class).forEach(this::counter);
		FunctionCounter.builder("warren.rpc.replies.discarded", client, FibonacciClient::discarded)
			.description("Replies nobody waited for: late, a second one, or unknown")
			.register(meters);
		Gauge.builder("warren.rpc.calls.waiting", this, Calls::waiting)
			.description("Calls that wait for their replies")
			.register(meters);
	}

	/**
	 * Replies come many at a time; the prefetch in the settings is the servers'.
	 */
	@Autowired
	void takeManyReplies(
			@Qualifier("rabbitListenerContainerFactory") SimpleRabbitListenerContainerFactory replyContainers) {
		replyContainers.setPrefetchCount(REPLY_PREFETCH);
	}

	private Counter counter(Outcome outcome) {
		return Counter.builder("warren.rpc.calls")
			.description("Calls, by how they ended")
			.tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
			.register(this.meters);
	}

	private int waiting() {
		return this.properties.maxInFlight() - this.places.availablePermits();
	}

	/**
	 * Reserves places for calls to come, which must be {@linkplain #release given back}.
	 * @param count how many may wait at the same time
	 * @throws ProblemException if there are not so many
	 */
	public void reserve(int count) {
		if (!this.places.tryAcquire(count)) {
			counter(Outcome.REFUSED).increment();
			throw new ProblemException(ProblemType.BUSY,
					"As many calls are under way as warren.rpc.max-in-flight, %d, allows"
						.formatted(this.properties.maxInFlight()));
		}
	}

	/**
	 * Gives reserved places back.
	 * @param count how many
	 */
	public void release(int count) {
		this.places.release(count);
	}

	/**
	 * Waits for the answer to a call, as long as the caller does.
	 * @param <T> the answer's type
	 * @param call the call
	 * @param caller who waits for it
	 * @return the answer
	 * @throws ProblemException if there is none, or the answer is a problem
	 * @throws InterruptedException if the thread is interrupted
	 */
	public <T> T await(CompletableFuture<T> call, Caller caller) throws InterruptedException {
		Outcome outcome = Outcome.ANSWERED;
		try {
			while (true) {
				try {
					return call.get(Caller.LOOK_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
				}
				catch (TimeoutException ex) {
					if (caller.hasLeft()) {
						call.cancel(false);
					}
				}
			}
		}
		catch (CancellationException ex) {
			outcome = Outcome.CANCELLED;
			throw new ProblemException(ProblemType.NO_REPLY, "The caller has left");
		}
		catch (ExecutionException ex) {
			Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
			if (!(cause instanceof ProblemException)) {
				outcome = (cause instanceof TimeoutException) ? Outcome.TIMED_OUT : Outcome.FAILED;
			}
			throw problem(cause);
		}
		finally {
			counter(outcome).increment();
		}
	}

	private ProblemException problem(Throwable cause) {
		if (cause instanceof ProblemException problem) {
			return problem;
		}
		if (cause instanceof TimeoutException) {
			return new ProblemException(ProblemType.NO_REPLY,
					"No server replied within " + this.properties.timeout().toMillis() + " ms");
		}
		if (cause instanceof NotRoutedException) {
			return new ProblemException(ProblemType.NOT_ROUTED,
					"There is no queue '%s': no server has been here".formatted(RpcTopology.REQUESTS));
		}
		return new ProblemException(ProblemType.BROKER_UNAVAILABLE,
				"The request was not sent, or no reply can come: " + Reason.of(cause));
	}

	/**
	 * Ends the calls that wait when the listener of their replies starts again: the reply
	 * queue or its connection was lost. The queue is declared first, so that the next
	 * call of whoever hears of it works.
	 */
	@EventListener(condition = "#event.source.queueNames[0] == @replies.name")
	void lost(AsyncConsumerRestartedEvent event) {
		try {
			this.admin.declareQueue(this.replies);
		}
		catch (AmqpException ex) {
			// There is no broker. The listener goes on trying.
		}
		this.client.giveUp(new AmqpException("The reply queue or its connection was lost"));
	}

	/**
	 * What became of the calls and of the replies.
	 * @return their numbers since the start
	 */
	public Replies replies() {
		return new Replies(count(Outcome.ANSWERED), count(Outcome.TIMED_OUT), this.client.discarded(),
				count(Outcome.FAILED), count(Outcome.CANCELLED), count(Outcome.REFUSED), waiting());
	}

	private long count(Outcome outcome) {
		return (long) counter(outcome).count();
	}

	private enum Outcome {

		ANSWERED, TIMED_OUT, FAILED, CANCELLED, REFUSED

	}

	/**
	 * What became of the calls and of the replies.
	 *
	 * @param answered calls that got their reply
	 * @param timedOut calls that got none in time
	 * @param discarded replies nobody waited for: late, a second one, or unknown
	 * @param failed calls whose request was not sent or whose reply could not come any
	 * more
	 * @param cancelled calls whose caller has left
	 * @param refused calls and batches that found too many under way
	 * @param waiting calls under way
	 */
	public record Replies(long answered, long timedOut, long discarded, long failed, long cancelled, long refused,
			int waiting) {

	}

}
