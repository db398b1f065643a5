package dev.warren.broker.rabbitmq;

import org.apache.qpid.server.message.MessageReference;
import org.apache.qpid.server.protocol.v0_8.AMQMessage;
import org.apache.qpid.server.store.MessageEnqueueRecord;
import org.jspecify.annotations.Nullable;

/**
 * A message in a queue, or on its way from there to a consumer. The queue owns it until
 * it is assigned to a consumer, from then on the consumer's channel does.
 */
final class QueuedMessage {

	final MessageQueue queue;

	final AMQMessage message;

	/** Where it stands in the queue, and where it returns to. */
	final long position;

	final int priority;

	/** Milliseconds since the epoch, or {@link Long#MAX_VALUE}. */
	final long expiresAt;

	private final MessageReference<?> reference;

	private final @Nullable MessageEnqueueRecord enqueueRecord;

	boolean redelivered;

	/** How often it went back to the queue. */
	int returns;

	/** Whom it is assigned or was delivered to; null for basic.get. */
	@Nullable Consumer consumer;

	long deliveryTag;

	QueuedMessage(MessageQueue queue, AMQMessage message, @Nullable MessageEnqueueRecord enqueueRecord, long position,
			int priority, long expiresAt) {
		this.queue = queue;
		this.message = message;
		this.reference = message.newReference();
		this.enqueueRecord = enqueueRecord;
		this.position = position;
		this.priority = priority;
		this.expiresAt = expiresAt;
		queue.topology().messages().increment();
	}

	/**
	 * What the store knows it by; null if the store has never heard of it.
	 */
	@Nullable MessageEnqueueRecord enqueueRecord() {
		return this.enqueueRecord;
	}

	long bodySize() {
		return this.message.getSize();
	}

	boolean isExpired(long now) {
		return this.expiresAt <= now;
	}

	/**
	 * Lets go of the message. When no queue holds it any more the store forgets it.
	 */
	void release() {
		this.reference.release();
		this.queue.topology().messages().decrement();
	}

}
