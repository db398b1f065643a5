package dev.warren.broker.rabbitmq.channel;

import java.util.List;

import dev.warren.broker.rabbitmq.queue.QueuedMessage;

/**
 * What a client decided about messages it had.
 */
record Settlement(List<QueuedMessage> messages, Outcome outcome) {

	enum Outcome {

		ACK, DROP,

		/** With {@code basic.reject}. */
		REQUEUE,

		/** With {@code basic.nack}. */
		GIVE_BACK

	}

}
