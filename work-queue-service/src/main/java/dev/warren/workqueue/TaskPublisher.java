package dev.warren.workqueue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.messaging.publish.Confirmation;
import dev.warren.messaging.publish.ConfirmedPublisher;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;

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
		return publish(queue, message, this.publisher::publish);
	}

	/**
	 * Publishes one of many messages, which {@linkplain #observe one observation} covers.
	 * @return completes once the broker has confirmed that it is in the queue
	 */
	CompletableFuture<Void> publishOneOfMany(String queue, Message message) {
		return publish(queue, message, this.publisher::publishUnobserved);
	}

	private CompletableFuture<Void> publish(String queue, Message message, Publish publish) {
		return publish.apply(DEFAULT_EXCHANGE, queue, message).thenCompose((confirmation) -> {
			if (confirmation.routed()) {
				return CompletableFuture.completedFuture(null);
			}
			// Somebody has deleted the queue. The broker kept nothing of a message it
			// returned, so it can be sent again.
			return CompletableFuture.runAsync(this.admin::initialize, this.executor)
				.thenCompose((declared) -> publish.apply(DEFAULT_EXCHANGE, queue, message))
				.thenAccept((again) -> {
					if (!again.routed()) {
						throw new CompletionException(new ProblemException(ProblemType.NOT_ROUTED,
								"There is no queue '%s'".formatted(queue)));
					}
				});
		});
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

	@FunctionalInterface
	private interface Publish {

		CompletableFuture<Confirmation> apply(String exchange, String routingKey, Message message);

	}

}
