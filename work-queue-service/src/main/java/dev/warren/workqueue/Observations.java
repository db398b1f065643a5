package dev.warren.workqueue;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.rabbit.support.micrometer.RabbitListenerObservation;
import org.springframework.amqp.rabbit.support.micrometer.RabbitListenerObservation.DefaultRabbitListenerObservationConvention;
import org.springframework.amqp.rabbit.support.micrometer.RabbitMessageReceiverContext;

/**
 * The observations of what a worker was delivered, as of a Spring listener container,
 * each with the trace context its task came with. A task that came with none starts none.
 * <p>
 * Trivial tasks that follow each other with the same trace context, as those of a batch
 * do, share an observation, as they shared one when they were sent: to observe such a
 * task takes several times as long as to do it.
 */
final class Observations {

	private static final int MAX_SHARED = 1000;

	private final String worker;

	private final ObservationRegistry registry;

	private @Nullable Current current;

	// By how many tasks; 0 if it is one's own.
	private int shared;

	Observations(String worker, ObservationRegistry registry) {
		this.worker = worker;
		this.registry = registry;
	}

	/**
	 * Goes on with the current observation, if the task may share it, or starts another.
	 */
	void enter(TaskMessage message) {
		String traceContext = message.traceContext();
		boolean trivial = Work.isTrivial(message.task().text());
		Current before = this.current;
		if (before != null && trivial && before.traceContext().equals(traceContext) && this.shared > 0
				&& this.shared < MAX_SHARED) {
			this.shared++;
			return;
		}
		leave();
		if (traceContext != null) {
			this.shared = trivial ? 1 : 0;
			Observation observation = RabbitListenerObservation.LISTENER_OBSERVATION
				.observation(null, DefaultRabbitListenerObservationConvention.INSTANCE,
						() -> new RabbitMessageReceiverContext(message.received(), this.worker), this.registry)
				.start();
			this.current = new Current(traceContext, observation, observation.openScope());
		}
	}

	/**
	 * Ends the current observation, if no other task may share it.
	 */
	void exit() {
		if (this.shared == 0) {
			leave();
		}
	}

	/**
	 * Ends the current observation, if there is one.
	 */
	void leave() {
		Current ended = this.current;
		if (ended != null) {
			this.current = null;
			ended.scope().close();
			ended.observation().stop();
		}
	}

	private record Current(String traceContext, Observation observation, Observation.Scope scope) {

	}

}
