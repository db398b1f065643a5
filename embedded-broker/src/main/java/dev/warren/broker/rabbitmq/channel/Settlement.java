package dev.warren.broker.rabbitmq.channel;

import java.util.List;

import dev.warren.broker.rabbitmq.queue.QueuedMessage;

/**
 * What a client decided about messages it had.
 */
record Settlement(List<QueuedMessage> messages, Outcome outcome) {

	enum Outcome {

		ACK, REQUEUE, DROP;

		static Outcome rejected(boolean requeue) {
			return requeue ? REQUEUE : DROP;
		}

	}

}
