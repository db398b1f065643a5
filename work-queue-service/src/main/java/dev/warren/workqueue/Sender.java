package dev.warren.workqueue;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.warren.messaging.message.Text;
import io.micrometer.observation.Observation;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.util.AlternativeJdkIdGenerator;
import org.springframework.util.IdGenerator;

/**
 * Sends tasks to the queue {@code task_queue}: the tutorial's {@code NewTask}.
 */
@Component
class Sender {

	private final TaskPublisher publisher;

	private final TaskEvents events;

	private final String appId;

	private final IdGenerator ids = new AlternativeJdkIdGenerator();

	Sender(TaskPublisher publisher, TaskEvents events, @Value("${spring.application.name}") String appId) {
		this.publisher = publisher;
		this.events = events;
		this.appId = appId;
	}

	/**
	 * Sends a task.
	 * @return completes with the task once the broker has confirmed that it is in the
	 * queue
	 */
	CompletableFuture<Task> send(Text text) {
		String id = this.ids.generateId().toString();
		Task task = Task.submitted(id, text.toString(), Instant.now());
		return this.publisher.publish(WorkTopology.TASKS, message(id, text)).thenApply((confirmed) -> {
			this.events.announce(task);
			return task;
		});
	}

	/**
	 * Sends many tasks, whose ids are the batch's and their index. It returns when the
	 * broker has confirmed them or when it is certain that it does not.
	 */
	BatchReceipt send(List<Text> texts, ConfirmStrategy strategy) throws InterruptedException {
		Message traced = new Message(new byte[0]);
		Observation observation = this.publisher.observe(WorkTopology.TASKS, traced);
		try {
			return new Batch(this.ids.generateId().toString(), texts, (id, text, outcome) -> {
				Task task = Task.submitted(id, text.toString(), Instant.now());
				Message message = message(id, text);
				traced.getMessageProperties().getHeaders().forEach(message.getMessageProperties()::setHeader);
				this.publisher.publishOneOfMany(WorkTopology.TASKS, message, (failure) -> {
					try {
						if (failure == null) {
							this.events.announce(task);
						}
					}
					finally {
						// Whatever happens: the batch waits for it.
						outcome.accept(failure);
					}
				});
			}).send(strategy);
		}
		finally {
			observation.stop();
		}
	}

	private Message message(String id, Text text) {
		Message message = text.toMessage(id, this.appId);
		message.getMessageProperties().setDeliveryMode(MessageDeliveryMode.PERSISTENT);
		return message;
	}

}
