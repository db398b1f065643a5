package dev.warren.broker.rabbitmq.channel;

import java.util.List;

import dev.warren.broker.rabbitmq.event.Happening;
import dev.warren.broker.rabbitmq.queue.QueuedMessage;

/**
 * What a client decided about messages it had.
 */
record Settlement(List<QueuedMessage> messages, Outcome outcome) {

	enum Outcome {

		ACK,

		/** With {@code basic.reject}: the client failed. */
		REJECT, REQUEUE,

		/** With {@code basic.nack}. */
		DISCARD, GIVE_BACK;

		Happening happening() {
			return switch (this) {
				case ACK -> Happening.ACKNOWLEDGED;
				case REJECT, DISCARD -> Happening.REJECTED;
				case REQUEUE, GIVE_BACK -> Happening.REQUEUED;
			};
		}

		/**
		 * Whether the queue does not get the messages back.
		 */
		boolean isFinal() {
			return this != REQUEUE && this != GIVE_BACK;
		}

	}

}
