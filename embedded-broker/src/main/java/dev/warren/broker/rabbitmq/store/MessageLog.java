package dev.warren.broker.rabbitmq.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

import org.apache.qpid.server.bytebuffer.QpidByteBuffer;
import org.apache.qpid.server.protocol.v0_8.AMQMessage;
import org.apache.qpid.server.protocol.v0_8.MessageMetaData;
import org.apache.qpid.server.store.MessageEnqueueRecord;
import org.apache.qpid.server.store.MessageHandle;
import org.apache.qpid.server.store.MessageStore;
import org.apache.qpid.server.store.StoreException;
import org.apache.qpid.server.store.StoredMessage;
import org.apache.qpid.server.store.Transaction;
import org.apache.qpid.server.virtualhost.QueueManagingVirtualHost;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The message store of a virtual host. Persistent messages on durable queues are written
 * in the order of the calls; a returned future tells when they are safe.
 */
public final class MessageLog {

	private static final Logger logger = LoggerFactory.getLogger(MessageLog.class);

	private static final CompletableFuture<@Nullable Void> SAFE = CompletableFuture.completedFuture(null);

	private final QueueManagingVirtualHost<?> virtualHost;

	/** What could not be written, to be tried again. */
	private final Queue<Runnable> postponed = new ConcurrentLinkedQueue<>();

	private volatile boolean failing;

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
			return new Message(new AMQMessage(handle.allContentAdded(), null), original);
		}
	}

	/**
	 * Puts a message into queues, all or none.
	 * @return done when the message is safe in all of them, failed when the store did not
	 * take it
	 */
	public CompletableFuture<@Nullable Void> enqueue(Message message, List<? extends LoggedQueue> queues) {
		Transaction transaction = null;
		@Nullable MessageEnqueueRecord[] records = null;
		CompletableFuture<@Nullable Void> safe;
		try {
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
			safe = commit(transaction);
		}
		catch (RuntimeException ex) {
			abort(transaction, ex);
			return CompletableFuture.failedFuture(ex);
		}
		for (int i = 0; i < queues.size(); i++) {
			LoggedQueue queue = queues.get(i);
			queue.enqueue(entry(message, (records != null) ? records[i] : null, queue));
		}
		flowToDiskIfNecessary(message);
		return safe;
	}

	private CompletableFuture<@Nullable Void> commit(@Nullable Transaction transaction) {
		if (transaction == null) {
			return SAFE;
		}
		CompletableFuture<@Nullable Void> safe = transaction.commitTranAsync(null);
		if (this.failing) {
			this.failing = false;
			logger.info("The store at {} can be written again", store().getStoreLocation());
		}
		return safe;
	}

	private void abort(@Nullable Transaction transaction, RuntimeException cause) {
		// Without a store, the broker is closing.
		if (!this.failing && !(cause instanceof IllegalStateException)) {
			this.failing = true;
			logger.error("The store at {} cannot be written, so what is published is not confirmed: {}",
					store().getStoreLocation(), QpidDiskStore.reason(cause));
		}
		try {
			if (transaction != null) {
				transaction.abortTran();
			}
		}
		catch (RuntimeException ex) {
			logger.debug("A transaction cannot be rolled back", ex);
		}
	}

	/**
	 * Does what changes the store as a whole or not at all, now or when the store can be
	 * written again.
	 */
	public void doOrPostpone(Runnable change) {
		try {
			change.run();
		}
		catch (StoreException | IllegalStateException ex) {
			logger.debug("Postponed", ex);
			this.postponed.add(change);
		}
	}

	/**
	 * Tries again what could not be written. To be called from time to time.
	 */
	public void retry() {
		List<Runnable> changes = new ArrayList<>();
		Runnable change = this.postponed.poll();
		while (change != null) {
			changes.add(change);
			change = this.postponed.poll();
		}
		changes.forEach(this::doOrPostpone);
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
			try {
				stored.flowToDisk();
			}
			catch (StoreException | IllegalStateException ex) {
				logger.debug("A message stays in memory", ex);
			}
		}
	}

	/**
	 * Ends the life of messages in their queues, if not at once then when the store can
	 * be written again.
	 */
	public void forget(Collection<? extends LoggedMessage> messages) {
		Transaction transaction = null;
		try {
			for (LoggedMessage message : messages) {
				MessageEnqueueRecord enqueueRecord = message.entry().enqueueRecord();
				if (enqueueRecord != null) {
					transaction = (transaction != null) ? transaction : store().newTransaction();
					transaction.dequeueMessage(enqueueRecord);
				}
			}
			commit(transaction);
		}
		catch (StoreException | IllegalStateException ex) {
			abort(transaction, ex);
			List<? extends LoggedMessage> all = List.copyOf(messages);
			this.postponed.add(() -> forget(all));
			return;
		}
		messages.forEach(LoggedMessage::release);
	}

	public Work begin() {
		return new Work();
	}

	/**
	 * Several changes that are made safe together. Where the store does not take one,
	 * none is made.
	 */
	public final class Work {

		private @Nullable Transaction transaction;

		private final List<Message.Hold> holds = new ArrayList<>(0);

		private final List<Runnable> effects = new ArrayList<>();

		public void enqueue(Message message, Collection<? extends LoggedQueue> queues) {
			this.holds.add(message.hold());
			for (LoggedQueue queue : queues) {
				DurableQueue durableForm = queue.durableForm();
				MessageEnqueueRecord enqueueRecord = (durableForm != null && durableForm.keeps(message))
						? write((current) -> durableForm.enqueue(message, current)) : null;
				this.effects.add(() -> queue.enqueue(entry(message, enqueueRecord, queue)));
			}
			this.effects.add(() -> flowToDiskIfNecessary(message));
		}

		public void forget(Collection<? extends LoggedMessage> messages) {
			for (LoggedMessage message : messages) {
				MessageEnqueueRecord enqueueRecord = message.entry().enqueueRecord();
				if (enqueueRecord != null) {
					write((current) -> {
						current.dequeueMessage(enqueueRecord);
						return enqueueRecord;
					});
				}
				this.effects.add(message::release);
			}
		}

		private MessageEnqueueRecord write(Function<Transaction, MessageEnqueueRecord> change) {
			try {
				Transaction current = (this.transaction != null) ? this.transaction : store().newTransaction();
				this.transaction = current;
				return change.apply(current);
			}
			catch (RuntimeException ex) {
				abandon(ex);
				throw ex;
			}
		}

		/**
		 * Makes none of the changes.
		 */
		public void abandon(RuntimeException cause) {
			if (this.transaction != null) {
				abort(this.transaction, cause);
				this.transaction = null;
			}
			this.holds.forEach(Message.Hold::close);
			this.holds.clear();
		}

		/**
		 * Makes the changes, and calls the queues.
		 */
		public CompletableFuture<@Nullable Void> commit() {
			CompletableFuture<@Nullable Void> safe;
			try {
				safe = MessageLog.this.commit(this.transaction);
			}
			catch (RuntimeException ex) {
				abandon(ex);
				throw ex;
			}
			this.effects.forEach(Runnable::run);
			this.holds.forEach(Message.Hold::close);
			return safe;
		}

	}

}
