package dev.warren.broker.rabbitmq;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import org.apache.qpid.server.protocol.v0_8.AMQMessage;
import org.apache.qpid.server.store.MessageEnqueueRecord;
import org.jspecify.annotations.Nullable;

/**
 * A queue: it keeps messages in order, hands them to its consumers in turn, and drops or
 * dead-letters what is expired or in excess.
 * <p>
 * Publishers, consumers and timers call from their own threads; the queue's monitor is
 * held for as long as the order of messages is at stake, and never while another queue is
 * called.
 */
final class MessageQueue implements RoutingTarget {

	private static final int DEFAULT_QUORUM_DELIVERY_LIMIT = 20;

	private final QueueDefinition definition;

	private final QueueArguments arguments;

	private final Topology topology;

	private final @Nullable ClientConnection owner;

	private final @Nullable Integer deliveryLimit;

	private final Backlog backlog;

	private final ConsumerRing consumers;

	private volatile @Nullable QpidQueue durableForm;

	private long nextPosition;

	private boolean deleted;

	private long lastUsed = System.nanoTime();

	private long expiryScheduledFor = Long.MAX_VALUE;

	private @Nullable ScheduledFuture<?> expiry;

	/**
	 * @param owner the connection an exclusive queue belongs to
	 */
	MessageQueue(QueueDefinition definition, QueueArguments arguments, Topology topology,
			@Nullable ClientConnection owner) {
		this.definition = definition;
		this.arguments = arguments;
		this.topology = topology;
		this.owner = owner;
		this.deliveryLimit = (arguments.deliveryLimit() == null && arguments.quorum())
				? Integer.valueOf(DEFAULT_QUORUM_DELIVERY_LIMIT) : arguments.deliveryLimit();
		this.backlog = new Backlog(arguments.maxPriority());
		this.consumers = new ConsumerRing(arguments.singleActiveConsumer());
	}

	@Override
	public String name() {
		return this.definition.name();
	}

	@Override
	public boolean isDurable() {
		return this.definition.durable();
	}

	Topology topology() {
		return this.topology;
	}

	QueueDefinition definition() {
		return this.definition;
	}

	QueueArguments arguments() {
		return this.arguments;
	}

	@Nullable ClientConnection owner() {
		return this.owner;
	}

	/**
	 * How the store knows the queue; null for a queue whose messages are not stored.
	 */
	@Nullable QpidQueue durableForm() {
		return this.durableForm;
	}

	void durableForm(QpidQueue durableForm) {
		this.durableForm = durableForm;
	}

	synchronized int readyCount() {
		return this.backlog.size();
	}

	synchronized int consumerCount() {
		return this.consumers.size();
	}

	synchronized boolean isDeleted() {
		return this.deleted;
	}

	/**
	 * Whether the queue, being full, refuses a message of that size.
	 */
	synchronized boolean refuses(long size) {
		return this.arguments.overflow().rejects() && (isFull(this.arguments.maxLength(), this.backlog.size(), 1)
				|| isFull(this.arguments.maxLengthBytes(), this.backlog.bytes(), size));
	}

	private static boolean isFull(@Nullable Long limit, long current, long added) {
		return limit != null && current + added > limit;
	}

	void enqueue(AMQMessage message, @Nullable MessageEnqueueRecord enqueueRecord) {
		long now = System.currentTimeMillis();
		enqueue(message, enqueueRecord, now, now);
	}

	/**
	 * Takes back a stored message, whose time has been running all along.
	 */
	void recover(AMQMessage message, @Nullable MessageEnqueueRecord enqueueRecord) {
		enqueue(message, enqueueRecord, message.getArrivalTime(), System.currentTimeMillis());
	}

	private void enqueue(AMQMessage message, @Nullable MessageEnqueueRecord enqueueRecord, long arrival, long now) {
		Deaths deaths = new Deaths();
		synchronized (this) {
			QueuedMessage queued = new QueuedMessage(this, message, enqueueRecord, this.nextPosition++,
					priority(message), expiry(message, arrival));
			if (this.deleted) {
				queued.release();
				return;
			}
			this.backlog.append(queued);
			dispatch(now, deaths);
			tidy(now, deaths);
		}
		deaths.bury();
	}

	private int priority(AMQMessage message) {
		if (this.arguments.maxPriority() == 0) {
			return 0;
		}
		int priority = MessageProperties.priority(message);
		return Math.min(priority, this.arguments.maxPriority());
	}

	private long expiry(AMQMessage message, long arrival) {
		long ttl = MessageProperties.expiration(message);
		Long queueTtl = this.arguments.messageTtl();
		if (queueTtl != null) {
			ttl = (ttl < 0) ? queueTtl : Math.min(ttl, queueTtl);
		}
		return (ttl < 0) ? Long.MAX_VALUE : arrival + ttl;
	}

	/**
	 * Takes the first message, for basic.get.
	 */
	@Nullable Taken take() {
		Deaths deaths = new Deaths();
		Taken taken = null;
		synchronized (this) {
			this.lastUsed = System.nanoTime();
			tidy(System.currentTimeMillis(), deaths);
			QueuedMessage head = this.backlog.poll();
			if (head != null) {
				taken = new Taken(head, this.backlog.size());
			}
		}
		deaths.bury();
		return taken;
	}

	/**
	 * Returns messages that a consumer had and did not settle.
	 */
	void requeue(Collection<QueuedMessage> messages) {
		Deaths deaths = new Deaths();
		synchronized (this) {
			for (QueuedMessage message : messages) {
				message.redelivered = true;
				message.returns++;
				if (this.deliveryLimit != null && message.returns > this.deliveryLimit) {
					message.consumer = null;
					deaths.add(message, DeathReason.DELIVERY_LIMIT);
				}
				else {
					putBack(message, deaths);
				}
			}
			long now = System.currentTimeMillis();
			dispatch(now, deaths);
			tidy(now, deaths);
		}
		deaths.bury();
	}

	/**
	 * Returns a message that was assigned to a consumer but never sent to it.
	 */
	void giveBack(QueuedMessage message) {
		Deaths deaths = new Deaths();
		synchronized (this) {
			putBack(message, deaths);
			dispatch(System.currentTimeMillis(), deaths);
		}
		deaths.bury();
	}

	private void putBack(QueuedMessage message, Deaths deaths) {
		message.consumer = null;
		if (this.deleted) {
			deaths.dropped.add(message);
		}
		else {
			this.backlog.putBack(message);
		}
	}

	void addConsumer(Consumer consumer) {
		Deaths deaths = new Deaths();
		synchronized (this) {
			if (this.consumers.hasExclusive() || (consumer.isExclusive()
					&& (this.consumers.size() > 0 || this.arguments.singleActiveConsumer()))) {
				throw ReplyCode.ACCESS_REFUSED.error("%s in exclusive use",
						Names.queue(name(), this.topology.virtualHostName()));
			}
			this.consumers.add(consumer);
			dispatch(System.currentTimeMillis(), deaths);
		}
		deaths.bury();
	}

	/**
	 * @return whether the queue, being auto-delete, goes with this consumer
	 */
	boolean removeConsumer(Consumer consumer) {
		Deaths deaths = new Deaths();
		boolean unused;
		synchronized (this) {
			this.lastUsed = System.nanoTime();
			boolean removed = this.consumers.remove(consumer);
			unused = removed && this.definition.autoDelete() && this.consumers.size() == 0 && !this.deleted;
			// Another consumer may have become the active one.
			dispatch(System.currentTimeMillis(), deaths);
		}
		deaths.bury();
		return unused;
	}

	void consumerReady() {
		Deaths deaths = new Deaths();
		synchronized (this) {
			dispatch(System.currentTimeMillis(), deaths);
		}
		deaths.bury();
	}

	int purge() {
		List<QueuedMessage> purged = new ArrayList<>();
		synchronized (this) {
			takeAll(purged);
		}
		this.topology.messageLog().forget(purged);
		return purged.size();
	}

	/**
	 * Ends the queue. Its consumers are told; messages they have can still be settled.
	 * @return how many messages were ready
	 */
	int delete() {
		List<QueuedMessage> remaining = new ArrayList<>();
		List<Consumer> orphans;
		synchronized (this) {
			if (this.deleted) {
				return 0;
			}
			this.deleted = true;
			if (this.expiry != null) {
				this.expiry.cancel(false);
			}
			takeAll(remaining);
			orphans = this.consumers.all();
			orphans.forEach(this.consumers::remove);
		}
		orphans.forEach((consumer) -> consumer.channel().queueDeleted(consumer));
		this.topology.messageLog().forget(remaining);
		return remaining.size();
	}

	private void takeAll(List<QueuedMessage> target) {
		QueuedMessage head = this.backlog.poll();
		while (head != null) {
			target.add(head);
			head = this.backlog.poll();
		}
	}

	/**
	 * Starts the queue's lease, if it has one: unused for {@code x-expires} milliseconds,
	 * it is deleted.
	 */
	void startLease() {
		Long lease = this.arguments.expires();
		if (lease != null) {
			this.topology.timers().schedule(() -> checkLease(lease), lease, TimeUnit.MILLISECONDS);
		}
	}

	private void checkLease(long lease) {
		long unused;
		synchronized (this) {
			if (this.deleted) {
				return;
			}
			unused = (this.consumers.size() > 0) ? 0 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - this.lastUsed);
		}
		if (unused >= lease) {
			this.topology.delete(this);
		}
		else {
			this.topology.timers().schedule(() -> checkLease(lease), lease - unused, TimeUnit.MILLISECONDS);
		}
	}

	/**
	 * A redeclaration renews the lease.
	 */
	synchronized void touch() {
		this.lastUsed = System.nanoTime();
	}

	private void dispatch(long now, Deaths deaths) {
		QueuedMessage head = this.backlog.peek();
		while (head != null) {
			if (head.expiresAt < now) {
				this.backlog.poll();
				deaths.add(head, DeathReason.EXPIRED);
			}
			else {
				Consumer consumer = this.consumers.next();
				if (consumer == null) {
					return;
				}
				this.backlog.poll();
				head.consumer = consumer;
				consumer.channel().assign(head);
			}
			head = this.backlog.peek();
		}
	}

	/**
	 * Drops what is expired or in excess.
	 */
	private void tidy(long now, Deaths deaths) {
		if (this.backlog.size() == 0) {
			return;
		}
		if (!this.arguments.overflow().rejects()) {
			Long maxLength = this.arguments.maxLength();
			while (maxLength != null && this.backlog.size() > maxLength) {
				deaths.addHead(this.backlog.poll(), DeathReason.MAX_LENGTH);
			}
			Long maxBytes = this.arguments.maxLengthBytes();
			while (maxBytes != null && this.backlog.bytes() > maxBytes) {
				deaths.addHead(this.backlog.poll(), DeathReason.MAX_LENGTH);
			}
		}
		this.backlog.pollExpired(now, (message) -> deaths.add(message, DeathReason.EXPIRED));
		scheduleExpiry(now);
	}

	private void scheduleExpiry(long now) {
		long next = this.backlog.nextExpiry();
		if (next < this.expiryScheduledFor) {
			if (this.expiry != null) {
				this.expiry.cancel(false);
			}
			this.expiryScheduledFor = next;
			this.expiry = this.topology.timers().schedule(this::expire, Math.max(0, next - now), TimeUnit.MILLISECONDS);
		}
	}

	private void expire() {
		Deaths deaths = new Deaths();
		synchronized (this) {
			this.expiryScheduledFor = Long.MAX_VALUE;
			this.expiry = null;
			tidy(System.currentTimeMillis(), deaths);
		}
		deaths.bury();
	}

	/**
	 * A message taken by basic.get.
	 *
	 * @param left how many are left
	 */
	record Taken(QueuedMessage message, int left) {

	}

	/**
	 * What left the queue while its monitor was held, and is to be buried when it is not.
	 */
	private final class Deaths {

		private @Nullable Map<DeathReason, List<QueuedMessage>> byReason;

		private final List<QueuedMessage> dropped = new ArrayList<>(0);

		void add(QueuedMessage message, DeathReason reason) {
			if (this.byReason == null) {
				this.byReason = new EnumMap<>(DeathReason.class);
			}
			this.byReason.computeIfAbsent(reason, (key) -> new ArrayList<>()).add(message);
		}

		void addHead(@Nullable QueuedMessage message, DeathReason reason) {
			if (message != null) {
				add(message, reason);
			}
		}

		void bury() {
			if (this.byReason != null) {
				this.byReason.forEach((reason, messages) -> MessageQueue.this.topology.deadLetters()
					.bury(MessageQueue.this, messages, reason));
			}
			if (!this.dropped.isEmpty()) {
				MessageQueue.this.topology.messageLog().forget(this.dropped);
			}
		}

	}

}
