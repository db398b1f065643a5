package dev.warren.broker.rabbitmq.queue;

import dev.warren.broker.rabbitmq.wire.ProtocolException;
import dev.warren.broker.rabbitmq.wire.ReplyCode;

/**
 * Under which a queue is deleted, asked when nobody else can change the queue.
 */
@FunctionalInterface
public interface DeleteCondition {

	/** Whatever the queue has. */
	DeleteCondition ALWAYS = (ready, consumers) -> {
	};

	/** Nobody consumes from it. */
	DeleteCondition UNUSED = (ready, consumers) -> {
		if (consumers > 0) {
			throw ReplyCode.PRECONDITION_FAILED.error("in use");
		}
	};

	/**
	 * Checks the condition.
	 * @throws ProtocolException if the queue is not to be deleted
	 */
	void check(int ready, int consumers);

}
