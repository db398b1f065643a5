package dev.warren.workqueue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.messaging.publish.ConfirmedPublisher;

import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Message;
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

	TaskPublisher(ConfirmedPublisher publisher, AmqpAdmin admin, TaskExecutor executor) {
		this.publisher = publisher;
		this.admin = admin;
		this.executor = executor;
	}

	/**
	 * Publishes a message to a queue.
	 * @return completes once the broker has confirmed that it is in the queue
	 */
	CompletableFuture<Void> publish(String queue, Message message) {
		return this.publisher.publish(DEFAULT_EXCHANGE, queue, message).thenCompose((confirmation) -> {
			if (confirmation.routed()) {
				return CompletableFuture.completedFuture(null);
			}
			// Somebody has deleted the queue. The broker kept nothing of a message it
			// returned, so it can be sent again.
			return CompletableFuture.runAsync(this.admin::initialize, this.executor)
				.thenCompose((declared) -> this.publisher.publish(DEFAULT_EXCHANGE, queue, message))
				.thenAccept((again) -> {
					if (!again.routed()) {
						throw new CompletionException(new ProblemException(ProblemType.NOT_ROUTED,
								"There is no queue '%s'".formatted(queue)));
					}
				});
		});
	}

}
