package dev.warren.broker.rabbitmq.queue;

/**
 * Where the messages for a consumer leave its queue: the consumer's channel.
 */
public interface Outlet {

	/**
	 * Whether messages may be assigned.
	 */
	boolean isOpen();

	/**
	 * How much all consumers of the outlet together may have.
	 */
	Prefetch prefetch();

	/**
	 * Gives a message to one of the outlet's consumers. Called by its queue, which holds
	 * its monitor, on any thread.
	 */
	void assign(QueuedMessage message);

	/**
	 * A queue that one of the outlet's consumers has is gone. Called on any thread.
	 */
	void queueDeleted(Consumer consumer);

}
