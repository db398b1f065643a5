package dev.warren.workqueue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.messaging.publish.ConfirmedPublisher;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.support.micrometer.RabbitMessageSenderContext;
import org.springframework.amqp.rabbit.support.micrometer.RabbitTemplateObservation;
import org.springframework.amqp.rabbit.support.micrometer.RabbitTemplateObservation.DefaultRabbitTemplateObservationConvention;
import org.springframework.core.task.TaskExecutor;
import org.springframework.stereotype.Component;

/**
 * Publishes to the service's queues, through the default exchange.
 */
@Component
class TaskPublisher {

	private static final String DEFAULT_EXCHANGE = "";

	private final ConfirmedPublisher publisher;

	private final AmqpAdmin admin;

	private final TaskExecutor executor;

	private final ObservationRegistry observationRegistry;

	private CompletableFuture<Void> declaration = CompletableFuture.completedFuture(null);

	TaskPublisher(ConfirmedPublisher publisher, AmqpAdmin admin, TaskExecutor executor,
			ObservationRegistry observationRegistry) {
		this.publisher = publisher;
		this.admin = admin;
		this.executor = executor;
		this.observationRegistry = observationRegistry;
	}

	/**
	 * Publishes a message to a queue.
	 * @return completes once the broker has confirmed that it is in the queue
	 */
	CompletableFuture<Void> publish(String queue, Message message) {
		return this.publisher.publish(DEFAULT_EXCHANGE, queue, message)
			.thenCompose((confirmation) -> confirmation.routed() ? CompletableFuture.completedFuture(null)
					: publishAgain(queue, message));
	}

	/**
	 * Publishes one of many messages, which {@linkplain #observe one observation} covers.
	 * @param outcome is told once the broker has confirmed that it is in the queue, or
	 * why it has not. A callback, since futures upon futures would take a good part of
	 * the time that it takes to publish one of many.
	 */
	void publishOneOfMany(String queue, Message message, Consumer<@Nullable Throwable> outcome) {
		this.publisher.publishUnobserved(DEFAULT_EXCHANGE, queue, message).whenComplete((confirmation, failure) -> {
			if (failure != null || confirmation.routed()) {
				outcome.accept(failure);
			}
			else {
				publishAgain(queue, message).whenComplete((nothing, again) -> outcome.accept(again));
			}
		});
	}

	// Somebody has deleted the queue. The broker kept nothing of a message it returned,
	// so it can be sent again.
	private CompletableFuture<Void> publishAgain(String queue, Message message) {
		return declare().thenCompose((declared) -> this.publisher.publishUnobserved(DEFAULT_EXCHANGE, queue, message))
			.thenAccept((again) -> {
				if (!again.routed()) {
					throw new CompletionException(
							new ProblemException(ProblemType.NOT_ROUTED, "There is no queue '%s'".formatted(queue)));
				}
			});
	}

	// Once for all that are returned meanwhile: of a batch that may be a thousand.
	private synchronized CompletableFuture<Void> declare() {
		if (this.declaration.isDone()) {
			try {
				this.declaration = CompletableFuture.runAsync(this.admin::initialize, this.executor);
			}
			catch (RuntimeException ex) {
				// The executor takes nothing more: the service is being stopped.
				return CompletableFuture.failedFuture(ex);
			}
		}
		return this.declaration;
	}

	/**
	 * Starts the observation of many messages.
	 * @param carrier gets the trace context they are to have
	 */
	Observation observe(String queue, Message carrier) {
		return RabbitTemplateObservation.TEMPLATE_OBSERVATION
			.observation(null, DefaultRabbitTemplateObservationConvention.INSTANCE,
					() -> new RabbitMessageSenderContext(carrier, "taskPublisher", DEFAULT_EXCHANGE, queue),
					this.observationRegistry)
			.start();
	}

}
