package dev.warren.hello;

import io.swagger.v3.oas.annotations.Operation;

import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueInformation;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The queue, as {@code rabbitmqctl list_queues} shows it.
 */
@RestController
class QueueController {

	private final AmqpAdmin admin;

	private final Queue queue;

	QueueController(AmqpAdmin admin, Queue queue) {
		this.admin = admin;
		this.queue = queue;
	}

	@Operation(summary = "The queue, its ready messages and its consumers")
	@GetMapping("/queue")
	QueueStatus queue() {
		QueueInformation information = this.admin.getQueueInfo(HelloTopology.QUEUE);
		if (information == null) {
			// Deleted by somebody: as empty as the one that takes its place.
			this.admin.declareQueue(this.queue);
			return new QueueStatus(HelloTopology.QUEUE, 0, 0);
		}
		return new QueueStatus(information.getName(), information.getMessageCount(), information.getConsumerCount());
	}

	/**
	 * A queue.
	 *
	 * @param name its name
	 * @param messages the messages ready to be delivered; those a receiver holds are not
	 * counted
	 * @param consumers its consumers
	 */
	record QueueStatus(String name, long messages, int consumers) {

	}

}
