package dev.warren.broker.rabbitmq.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.apache.qpid.server.bytebuffer.QpidByteBuffer;
import org.apache.qpid.server.protocol.v0_8.AMQMessage;
import org.apache.qpid.server.protocol.v0_8.MessageMetaData;
import org.apache.qpid.server.store.MessageEnqueueRecord;
import org.apache.qpid.server.store.MessageHandle;
import org.apache.qpid.server.store.MessageStore;
import org.apache.qpid.server.store.StoredMessage;
import org.apache.qpid.server.store.Transaction;
import org.apache.qpid.server.virtualhost.QueueManagingVirtualHost;
import org.jspecify.annotations.Nullable;

/**
 * The message store of a virtual host. Persistent messages on durable queues are written
 * in the order of the calls; a returned future tells when they are safe.
 */
public final class MessageLog {

	private static final CompletableFuture<@Nullable Void> SAFE = CompletableFuture.completedFuture(null);

	private final QueueManagingVirtualHost<?> virtualHost;

	MessageLog(QueueManagingVirtualHost<?> virtualHost) {
		this.virtualHost = virtualHost;
	}

	private MessageStore store() {
		return this.virtualHost.getMessageStore();
	}

	/**
	 * Makes a message of its parts. It is kept for as long as somebody refers to it.
	 */
	public Message create(MessageHeader header, List<byte[]> body) {
		MessageHandle<MessageMetaData> handle = store().addMessage(header.metaData());
		body.forEach((part) -> handle.addContent(QpidByteBuffer.wrap(part)));
		return new Message(new AMQMessage(handle.allContentAdded(), null));
	}

	/**
	 * Makes a message with the body of another.
	 */
	public Message create(MessageHeader header, Message original) {
		MessageHandle<MessageMetaData> handle = store().addMessage(header.metaData());
		try (StoredBody body = original.body()) {
			handle.addContent(body.content());
			return new Message(new AMQMessage(handle.allContentAdded(), null));
		}
	}

	/**
	 * Puts a message into queues.
	 * @return done when the message is safe in all of them
	 */
	public CompletableFuture<@Nullable Void> enqueue(Message message, List<? extends LoggedQueue> queues) {
		Transaction transaction = null;
		@Nullable MessageEnqueueRecord[] records = null;
		for (int i = 0; i < queues.size(); i++) {
			DurableQueue durableForm = queues.get(i).durableForm();
			if (durableForm != null && durableForm.keeps(message)) {
				if (transaction == null || records == null) {
					transaction = store().newTransaction();
					records = new MessageEnqueueRecord[queues.size()];
				}
				records[i] = durableForm.enqueue(message, transaction);
			}
		}
		CompletableFuture<@Nullable Void> safe = (transaction != null) ? transaction.commitTranAsync(null) : SAFE;
		for (int i = 0; i < queues.size(); i++) {
			LoggedQueue queue = queues.get(i);
			queue.enqueue(entry(message, (records != null) ? records[i] : null, queue));
		}
		flowToDiskIfNecessary(message);
		return safe;
	}

	private static LogEntry entry(Message message, @Nullable MessageEnqueueRecord enqueueRecord, LoggedQueue queue) {
		DurableQueue durableForm = queue.durableForm();
		return new LogEntry(message, enqueueRecord, (durableForm != null) ? durableForm.deliveries() : null);
	}

	/**
	 * Keeps the bodies of a long backlog out of memory.
	 */
	private void flowToDiskIfNecessary(Message message) {
		StoredMessage<MessageMetaData> stored = message.stored().getStoredMessage();
		if (this.virtualHost.isOverTargetSize() && stored.getInMemorySize() > 0) {
			stored.flowToDisk();
		}
	}

	/**
	 * Ends the life of messages in their queues.
	 */
	public void forget(Collection<? extends LoggedMessage> messages) {
		if (messages.isEmpty()) {
			return;
		}
		Transaction transaction = null;
		for (LoggedMessage message : messages) {
			transaction = dequeue(message.entry(), transaction);
		}
		if (transaction != null) {
			transaction.commitTranAsync(null);
		}
		messages.forEach(LoggedMessage::release);
	}

	private @Nullable Transaction dequeue(LogEntry entry, @Nullable Transaction transaction) {
		MessageEnqueueRecord enqueueRecord = entry.enqueueRecord();
		if (enqueueRecord == null) {
			return transaction;
		}
		Transaction current = (transaction != null) ? transaction : store().newTransaction();
		current.dequeueMessage(enqueueRecord);
		return current;
	}

	public Work begin() {
		return new Work();
	}

	/**
	 * Several changes that are made safe together.
	 */
	public final class Work {

		private @Nullable Transaction transaction;

		private final List<Runnable> effects = new ArrayList<>();

		public void enqueue(Message message, Collection<? extends LoggedQueue> queues) {
			Message.Hold hold = message.hold();
			for (LoggedQueue queue : queues) {
				DurableQueue durableForm = queue.durableForm();
				MessageEnqueueRecord enqueueRecord = null;
				if (durableForm != null && durableForm.keeps(message)) {
					if (this.transaction == null) {
						this.transaction = store().newTransaction();
					}
					enqueueRecord = durableForm.enqueue(message, this.transaction);
				}
				MessageEnqueueRecord finalRecord = enqueueRecord;
				this.effects.add(() -> queue.enqueue(entry(message, finalRecord, queue)));
			}
			this.effects.add(() -> {
				flowToDiskIfNecessary(message);
				hold.close();
			});
		}

		public void forget(Collection<? extends LoggedMessage> messages) {
			for (LoggedMessage message : messages) {
				this.transaction = dequeue(message.entry(), this.transaction);
				this.effects.add(message::release);
			}
		}

		/**
		 * Makes the changes, and calls the queues.
		 */
		public CompletableFuture<@Nullable Void> commit() {
			CompletableFuture<@Nullable Void> safe = (this.transaction != null) ? this.transaction.commitTranAsync(null)
					: SAFE;
			this.effects.forEach(Runnable::run);
			return safe;
		}

	}

}
