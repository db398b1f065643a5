package dev.warren.broker.rabbitmq.store;

import org.apache.qpid.server.message.MessageReference;
import org.apache.qpid.server.store.MessageEnqueueRecord;
import org.jspecify.annotations.Nullable;

/**
 * A message in one queue, as the log knows it. It keeps the message until it is released.
 */
public final class LogEntry {

	private final Message message;

	private final MessageReference<?> reference;

	private final @Nullable MessageEnqueueRecord enqueueRecord;

	LogEntry(Message message, @Nullable MessageEnqueueRecord enqueueRecord) {
		this.message = message;
		this.reference = message.stored().newReference();
		this.enqueueRecord = enqueueRecord;
	}

	public Message message() {
		return this.message;
	}

	/**
	 * What the store knows it by; null if the store has never heard of it.
	 */
	@Nullable MessageEnqueueRecord enqueueRecord() {
		return this.enqueueRecord;
	}

	/**
	 * Lets go of the message. When no queue holds it any more the store forgets it.
	 */
	public void release() {
		this.reference.release();
	}

}
