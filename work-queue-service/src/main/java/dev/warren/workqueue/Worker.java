package dev.warren.workqueue;

import java.time.Duration;

import dev.warren.messaging.log.MessageLog;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.annotation.RabbitListener;

/**
 * The tutorial's {@code Worker}: one task at a time, acknowledged when it is done. A task
 * whose worker dies before that goes to another.
 */
public class Worker {

	private final String id;

	private final WorkProperties properties;

	private final MessageLog log;

	/**
	 * Creates a worker.
	 * @param id its id
	 * @param properties how long the work of a dot takes, and of a task at most
	 * @param log tells what it does
	 */
	public Worker(String id, WorkProperties properties, MessageLog log) {
		this.id = id;
		this.properties = properties;
		this.log = log;
	}

	// AcknowledgeMode.AUTO: the container acknowledges the task when this returns. What
	// becomes of it when this throws is up to FailedTasks.
	@RabbitListener(queues = WorkTopology.QUEUE)
	void work(String task, Message message) throws InterruptedException {
		this.log.line("{} received '{}'{}", this.id, task,
				Boolean.TRUE.equals(message.getMessageProperties().getRedelivered()) ? " again" : "");
		Duration duration = this.properties.duration(task);
		if (duration.compareTo(this.properties.maxDuration()) > 0) {
			throw new IllegalArgumentException("The task has dots for %d s of work, more than the %d s allowed"
				.formatted(duration.toSeconds(), this.properties.maxDuration().toSeconds()));
		}
		Thread.sleep(duration.toMillis());
		if (task.startsWith("!")) {
			throw new IllegalArgumentException("The task begins with '!'");
		}
		this.log.line("{} done '{}'", this.id, task);
	}

}
