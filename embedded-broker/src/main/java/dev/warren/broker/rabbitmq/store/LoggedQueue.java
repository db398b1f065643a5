package dev.warren.broker.rabbitmq.store;

import org.jspecify.annotations.Nullable;

/**
 * A queue whose messages are logged.
 */
public interface LoggedQueue {

	/**
	 * How the store knows the queue; null for a queue whose messages are not stored.
	 */
	@Nullable DurableQueue durableForm();

	/**
	 * Takes a message that was just published.
	 */
	void enqueue(LogEntry entry);

	/**
	 * Takes back a stored message, whose time has been running all along. Nothing is done
	 * with it yet: other queues may still be without theirs.
	 */
	void recover(LogEntry entry);

	/**
	 * How many messages wait to be delivered.
	 */
	int readyCount();

}
