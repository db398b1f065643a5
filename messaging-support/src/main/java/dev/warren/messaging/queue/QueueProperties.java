package dev.warren.messaging.queue;

import org.springframework.amqp.core.QueueBuilder;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What kind of queues the durable ones are. Everybody who declares a queue must say the
 * same.
 *
 * @param type their type
 */
@ConfigurationProperties("warren.queues")
public record QueueProperties(@DefaultValue("classic") Type type) {

	/**
	 * A durable queue of this type, yet to be built.
	 * @param name its name
	 * @return its builder
	 */
	public QueueBuilder durable(String name) {
		return this.type.durable(name);
	}

	/**
	 * RabbitMQ's types of queues.
	 */
	public enum Type {

		/** On one node; declared without arguments, as in the older tutorials. */
		CLASSIC,

		/** Replicated; declared with {@code x-queue-type}, as in the newer tutorials. */
		QUORUM;

		/**
		 * A durable queue of this type, yet to be built.
		 * @param name its name
		 * @return its builder
		 */
		public QueueBuilder durable(String name) {
			QueueBuilder queue = QueueBuilder.durable(name);
			return (this == QUORUM) ? queue.quorum() : queue;
		}

	}

}
