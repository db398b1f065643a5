package dev.warren.broker.rabbitmq.store;

import org.apache.qpid.server.store.MessageDurability;
import org.apache.qpid.server.store.MessageEnqueueRecord;
import org.apache.qpid.server.store.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * A queue in the store: its definition, and the messages it had when the broker ended.
 */
public final class DurableQueue {

	private final QpidQueue stored;

	private final @Nullable DeliveryLog deliveries;

	private final boolean killed;

	/**
	 * @param disk null if nothing outlives the broker
	 */
	DurableQueue(QpidQueue stored, @Nullable QpidDiskStore disk) {
		this.stored = stored;
		this.deliveries = (disk != null) ? new DeliveryLog(disk.deliveries(), stored.getId(),
				stored.getMessageDurability() == MessageDurability.ALWAYS) : null;
		this.killed = disk != null && disk.wasKilled();
	}

	public QueueDefinition definition() {
		return this.stored.definition();
	}

	/**
	 * Connects the queue, which gets the messages that were recovered for it.
	 */
	public void connect(LoggedQueue queue) {
		this.stored.connect(queue, this.deliveries, this.killed);
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

	@Nullable DeliveryLog deliveries() {
		return this.deliveries;
	}

	public void delete() {
		this.stored.deleteAsSystem();
		if (this.deliveries != null) {
			this.deliveries.delete();
		}
	}

}
