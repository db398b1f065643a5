package dev.warren.broker.rabbitmq;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.apache.qpid.server.bytebuffer.QpidByteBuffer;
import org.apache.qpid.server.message.MessageReference;
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
final class MessageLog {

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
	AMQMessage create(MessageMetaData metaData, Collection<QpidByteBuffer> body) {
		MessageHandle<MessageMetaData> handle = store().addMessage(metaData);
		body.forEach(handle::addContent);
		StoredMessage<MessageMetaData> stored = handle.allContentAdded();
		return new AMQMessage(stored, null);
	}

	/**
	 * Puts a message into queues.
	 * @return done when the message is safe in all of them
	 */
	CompletableFuture<@Nullable Void> enqueue(AMQMessage message, List<MessageQueue> queues) {
		Transaction transaction = null;
		@Nullable MessageEnqueueRecord[] records = null;
		for (int i = 0; i < queues.size(); i++) {
			QpidQueue durableForm = queues.get(i).durableForm();
			if (durableForm != null && durableForm.getMessageDurability().persist(message.isPersistent())) {
				if (transaction == null || records == null) {
					transaction = store().newTransaction();
					records = new MessageEnqueueRecord[queues.size()];
				}
				records[i] = transaction.enqueueMessage(durableForm, message);
			}
		}
		CompletableFuture<@Nullable Void> safe = (transaction != null) ? transaction.commitTranAsync(null) : SAFE;
		for (int i = 0; i < queues.size(); i++) {
			queues.get(i).enqueue(message, (records != null) ? records[i] : null);
		}
		flowToDiskIfNecessary(message);
		return safe;
	}

	/**
	 * Keeps the bodies of a long backlog out of memory.
	 */
	private void flowToDiskIfNecessary(AMQMessage message) {
		if (this.virtualHost.isOverTargetSize() && message.getStoredMessage().getInMemorySize() > 0) {
			message.getStoredMessage().flowToDisk();
		}
	}

	/**
	 * Ends the life of messages in their queues.
	 */
	void forget(Collection<QueuedMessage> messages) {
		if (messages.isEmpty()) {
			return;
		}
		Transaction transaction = null;
		for (QueuedMessage message : messages) {
			transaction = dequeue(message, transaction);
		}
		if (transaction != null) {
			transaction.commitTranAsync(null);
		}
		messages.forEach(QueuedMessage::release);
	}

	private @Nullable Transaction dequeue(QueuedMessage message, @Nullable Transaction transaction) {
		MessageEnqueueRecord enqueueRecord = message.enqueueRecord();
		if (enqueueRecord == null) {
			return transaction;
		}
		Transaction current = (transaction != null) ? transaction : store().newTransaction();
		current.dequeueMessage(enqueueRecord);
		return current;
	}

	Work begin() {
		return new Work();
	}

	/**
	 * Several changes that are made safe together.
	 */
	final class Work {

		private @Nullable Transaction transaction;

		private final List<Runnable> effects = new ArrayList<>();

		void enqueue(AMQMessage message, Collection<MessageQueue> queues) {
			MessageReference<?> reference = message.newReference();
			for (MessageQueue queue : queues) {
				QpidQueue durableForm = queue.durableForm();
				MessageEnqueueRecord enqueueRecord = null;
				if (durableForm != null && durableForm.getMessageDurability().persist(message.isPersistent())) {
					if (this.transaction == null) {
						this.transaction = store().newTransaction();
					}
					enqueueRecord = this.transaction.enqueueMessage(durableForm, message);
				}
				MessageEnqueueRecord finalRecord = enqueueRecord;
				this.effects.add(() -> queue.enqueue(message, finalRecord));
			}
			this.effects.add(() -> {
				flowToDiskIfNecessary(message);
				reference.release();
			});
		}

		void forget(Collection<QueuedMessage> messages) {
			for (QueuedMessage message : messages) {
				this.transaction = dequeue(message, this.transaction);
				this.effects.add(message::release);
			}
		}

		/**
		 * Makes the changes, and calls the queues.
		 */
		CompletableFuture<@Nullable Void> commit() {
			CompletableFuture<@Nullable Void> safe = (this.transaction != null) ? this.transaction.commitTranAsync(null)
					: SAFE;
			this.effects.forEach(Runnable::run);
			return safe;
		}

	}

}
