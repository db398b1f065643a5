package dev.warren.broker.rabbitmq.queue;

/**
 * Whom an exclusive queue belongs to: a connection. Owners are compared by identity.
 */
public interface QueueOwner {

	/**
	 * A queue that belongs to it is gone. Called by anybody.
	 */
	void lost(MessageQueue queue);

}
