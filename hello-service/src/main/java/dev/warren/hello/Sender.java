package dev.warren.hello;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.warren.messaging.message.Text;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.messaging.publish.ConfirmedPublisher;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.core.Queue;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.task.TaskExecutor;
import org.springframework.stereotype.Component;
import org.springframework.util.AlternativeJdkIdGenerator;
import org.springframework.util.IdGenerator;

/**
 * Sends a text to the queue {@code hello}, through the default exchange.
 */
@Component
class Sender {

	private static final String DEFAULT_EXCHANGE = "";

	private final ConfirmedPublisher publisher;

	private final AmqpAdmin admin;

	private final Queue queue;

	private final TaskExecutor executor;

	private final String appId;

	private final IdGenerator ids = new AlternativeJdkIdGenerator();

	Sender(ConfirmedPublisher publisher, AmqpAdmin admin, Queue queue, TaskExecutor executor,
			@Value("${spring.application.name}") String appId) {
		this.publisher = publisher;
		this.admin = admin;
		this.queue = queue;
		this.executor = executor;
		this.appId = appId;
	}

	/**
	 * Sends a message.
	 * @param text its body
	 * @param properties its properties, if any
	 * @return completes with the message's id once the broker has confirmed that it is in
	 * the queue
	 */
	CompletableFuture<String> send(Text text, @Nullable SendProperties properties) {
		String id = this.ids.generateId().toString();
		// A message outlives the broker only if its queue does.
		Message message = text.toMessage(id, this.appId);
		message.getMessageProperties()
			.setDeliveryMode(
					this.queue.isDurable() ? MessageDeliveryMode.PERSISTENT : MessageDeliveryMode.NON_PERSISTENT);
		if (properties != null) {
			properties.applyTo(message.getMessageProperties());
		}
		return send(id, message);
	}

	private CompletableFuture<String> send(String id, Message message) {
		return this.publisher.publish(DEFAULT_EXCHANGE, HelloTopology.QUEUE, message).thenCompose((confirmation) -> {
			if (confirmation.routed()) {
				return CompletableFuture.completedFuture(id);
			}
			// Somebody has deleted the queue. The broker kept nothing of a message it
			// returned, so it can be sent again.
			return CompletableFuture.runAsync(() -> this.admin.declareQueue(this.queue), this.executor)
				.thenCompose((declared) -> this.publisher.publish(DEFAULT_EXCHANGE, HelloTopology.QUEUE, message))
				.thenApply((again) -> {
					if (!again.routed()) {
						throw new CompletionException(new ProblemException(ProblemType.NOT_ROUTED,
								"There is no queue '%s'".formatted(HelloTopology.QUEUE)));
					}
					return id;
				});
		});
	}

}
