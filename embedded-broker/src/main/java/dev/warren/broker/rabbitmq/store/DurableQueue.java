package dev.warren.broker.rabbitmq.store;

import org.apache.qpid.server.store.MessageEnqueueRecord;
import org.apache.qpid.server.store.Transaction;

/**
 * A queue in the store: its definition, and the messages it had when the broker ended.
 */
public final class DurableQueue {

	private final QpidQueue stored;

	DurableQueue(QpidQueue stored) {
		this.stored = stored;
	}

	public QueueDefinition definition() {
		return this.stored.definition();
	}

	/**
	 * Connects the queue, which gets the messages that were recovered for it.
	 */
	public void connect(LoggedQueue queue) {
		this.stored.connect(queue);
	}

	/**
	 * Whether the store keeps the message while it is in this queue.
	 */
	boolean keeps(Message message) {
		return this.stored.getMessageDurability().persist(message.isPersistent());
	}

	MessageEnqueueRecord enqueue(Message message, Transaction transaction) {
		return transaction.enqueueMessage(this.stored, message.stored());
	}

	public void delete() {
		this.stored.deleteAsSystem();
	}

}
