package dev.warren.workqueue;

import org.springframework.amqp.core.QueueBuilder;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What kind of queues the durable ones are.
 *
 * @param type their type
 */
@ConfigurationProperties("warren.queues")
record QueueProperties(@DefaultValue("classic") Type type) {

	QueueBuilder durable(String name) {
		QueueBuilder queue = QueueBuilder.durable(name);
		return (this.type == Type.QUORUM) ? queue.quorum() : queue;
	}

	/**
	 * RabbitMQ's types of queues.
	 */
	enum Type {

		/** On one node; declared without arguments, as in the older tutorials. */
		CLASSIC,

		/** Replicated; declared with {@code x-queue-type}, as in the newer tutorials. */
		QUORUM

	}

}
