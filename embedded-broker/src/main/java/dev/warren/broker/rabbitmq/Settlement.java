package dev.warren.broker.rabbitmq;

import java.util.List;

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
