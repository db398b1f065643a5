package dev.warren.broker.rabbitmq.queue;

import dev.warren.broker.rabbitmq.wire.ProtocolException;

/**
 * Under which a queue is deleted, asked when nobody else can change the queue.
 */
@FunctionalInterface
public interface DeleteCondition {

	/** Whatever the queue has. */
	DeleteCondition ALWAYS = (ready, consumers) -> {
	};

	/**
	 * Checks the condition.
	 * @throws ProtocolException if the queue is not to be deleted
	 */
	void check(int ready, int consumers);

}
