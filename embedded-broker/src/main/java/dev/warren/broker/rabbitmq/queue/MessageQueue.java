package dev.warren.broker.rabbitmq.queue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.ObjLongConsumer;

import dev.warren.broker.rabbitmq.arguments.QueueArguments;
import dev.warren.broker.rabbitmq.policy.AppliedPolicy;
import dev.warren.broker.rabbitmq.routing.RoutingTarget;
import dev.warren.broker.rabbitmq.stats.QueueStats;
import dev.warren.broker.rabbitmq.store.DurableQueue;
import dev.warren.broker.rabbitmq.store.LogEntry;
import dev.warren.broker.rabbitmq.store.LoggedQueue;
import dev.warren.broker.rabbitmq.store.Message;
import dev.warren.broker.rabbitmq.store.QueueDefinition;
import dev.warren.broker.rabbitmq.time.EarliestTimer;
import dev.warren.broker.rabbitmq.wire.Names;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import org.jspecify.annotations.Nullable;

/**
 * A queue: it keeps messages in order, hands them to its consumers in turn, and drops or
 * dead-letters what is expired or in excess.
 * <p>
 * Publishers, consumers and timers call from their own threads; the queue's monitor is
 * held for as long as the order of messages is at stake, and never while another queue is
 * called.
 */
public final class MessageQueue implements RoutingTarget, LoggedQueue {

	private final QueueDefinition definition;

	private final Queues queues;

	private final @Nullable QueueOwner owner;

	private final Capacity capacity;

	private final Backlog backlog;

	/** Found after a restart. */
	private final List<QueuedMessage> deliveredTooOften = new ArrayList<>(0);

	private final ConsumerRing consumers;

	private final EarliestTimer expiryTimer;

	private final Retries retries;

	private final QueueStats stats = new QueueStats();

	private volatile @Nullable DurableQueue durableForm;

	private long nextPosition;

	private volatile AppliedPolicy policy;

	private volatile QueueArguments arguments;

	private @Nullable Lease lease;

	private volatile boolean deleted;

	/**
	 * @param arguments those that count under the policy
	 * @param owner whom an exclusive queue belongs to
	 */
	MessageQueue(QueueDefinition definition, AppliedPolicy policy, QueueArguments arguments, Queues queues,
			@Nullable QueueOwner owner) {
		this.definition = definition;
		this.queues = queues;
		this.owner = owner;
		this.policy = policy;
		this.arguments = arguments;
		this.capacity = new Capacity(arguments);
		this.backlog = new Backlog(arguments.maxPriority(), arguments.hasHighAndNormal(), arguments.delaying());
		this.consumers = new ConsumerRing(arguments.singleActiveConsumer());
		this.expiryTimer = new EarliestTimer(queues.timers(), this::expire);
		this.retries = new Retries(arguments.delayedRetry(), queues.timers(), this::retry);
	}

	@Override
	public String name() {
		return this.definition.name();
	}

	@Override
	public boolean isDurable() {
		return this.definition.durable();
	}

	public Queues queues() {
		return this.queues;
	}

	public QueueDefinition definition() {
		return this.definition;
	}

	/**
	 * The arguments that count under the policies.
	 */
	public QueueArguments arguments() {
		return this.arguments;
	}

	public AppliedPolicy policy() {
		return this.policy;
	}

	/**
	 * Has other policies apply. Messages that are here expire when they would have.
	 */
	void apply(AppliedPolicy newPolicy, QueueArguments newArguments) {
		change((deaths, now) -> {
			this.policy = newPolicy;
			this.arguments = newArguments;
			this.capacity.limit(newArguments);
			this.retries.rule(newArguments.delayedRetry());
			startLease();
		});
	}

	public @Nullable QueueOwner owner() {
		return this.owner;
	}

	@Override
	public @Nullable DurableQueue durableForm() {
		return this.durableForm;
	}

	void durableForm(DurableQueue durableForm) {
		this.durableForm = durableForm;
	}

	@Override
	public synchronized int readyCount() {
		return this.backlog.size();
	}

	public QueueStats stats() {
		return this.stats;
	}

	/**
	 * Those who consume, in the order in which they came; of a queue with a single active
	 * consumer, that is the first. They may change while they are looked at.
	 */
	public List<Consumer> consumers() {
		return this.consumers.inOrderOfArrival();
	}

	public boolean isDeleted() {
		return this.deleted;
	}

	/**
	 * Keeps room for a message that is about to be enqueued.
	 * @return whether there is any
	 */
	synchronized boolean reserve(Message message) {
		return this.capacity.reserve(message, this.backlog);
	}

	synchronized void release(Message message) {
		this.capacity.release(message);
	}

	@Override
	public void enqueue(LogEntry entry) {
		long now = this.queues.clock().millis();
		Deaths deaths = new Deaths(this);
		synchronized (this) {
			QueuedMessage queued = next(entry, now);
			this.capacity.release(entry.message());
			if (this.deleted) {
				queued.release();
				return;
			}
			this.backlog.append(queued);
			dispatch(now, deaths);
		}
		deaths.bury();
	}

	@Override
	public synchronized void recover(LogEntry entry) {
		QueuedMessage queued = next(entry, entry.message().arrivalTime());
		if (this.arguments.exceedsDeliveryLimit(queued.failures(), this.queues.dialect())) {
			this.deliveredTooOften.add(queued);
		}
		else {
			this.backlog.append(queued);
		}
	}

	private QueuedMessage next(LogEntry entry, long arrival) {
		return new QueuedMessage(this, entry, this.nextPosition++, this.arguments.priority(entry.message()),
				this.arguments.expiry(entry.message(), arrival));
	}

	/**
	 * Buries what died while the broker was down, after all queues have their messages.
	 */
	void buryRecovered() {
		change((deaths, now) -> {
			this.deliveredTooOften.forEach((message) -> deaths.add(message, DeathReason.DELIVERY_LIMIT));
			this.deliveredTooOften.clear();
		});
	}

	/**
	 * Takes the first message, for basic.get.
	 */
	public @Nullable Taken take() {
		Deaths deaths = new Deaths(this);
		Taken taken = null;
		synchronized (this) {
			touch();
			long now = this.queues.clock().millis();
			tidy(now, deaths);
			QueuedMessage head = this.backlog.poll();
			if (head != null) {
				tidy(now, deaths);
				taken = new Taken(head, this.backlog.size());
			}
		}
		deaths.bury();
		return taken;
	}

	/**
	 * Returns messages that a consumer had and did not settle, and others that were
	 * assigned to it but never sent, before any of them is given to another.
	 * @param failed whether that counts for the delivery limit
	 */
	public void requeue(Collection<QueuedMessage> messages, Collection<QueuedMessage> unsent, boolean failed) {
		change((deaths, now) -> {
			for (QueuedMessage message : messages) {
				message.returned(failed);
				if (!this.deleted && this.arguments.exceedsDeliveryLimit(message.failures(), this.queues.dialect())) {
					message.unassign();
					deaths.add(message, DeathReason.DELIVERY_LIMIT);
				}
				else if (this.deleted || !this.retries.keep(message, failed, now)) {
					putBack(message, deaths);
				}
			}
			unsent.forEach((message) -> putBack(message, deaths));
		});
	}

	/**
	 * Returns a message that was assigned to a consumer but never sent to it.
	 */
	public void giveBack(QueuedMessage message) {
		change((deaths, now) -> putBack(message, deaths));
	}

	/**
	 * Changes the queue and gives consumers what they can take then.
	 */
	private void change(ObjLongConsumer<Deaths> change) {
		Deaths deaths = new Deaths(this);
		synchronized (this) {
			long now = this.queues.clock().millis();
			change.accept(deaths, now);
			dispatch(now, deaths);
		}
		deaths.bury();
	}

	private void retry() {
		change((deaths, now) -> this.retries.takeDue(now, (message) -> putBack(message, deaths)));
	}

	private void putBack(QueuedMessage message, Deaths deaths) {
		message.unassign();
		if (this.deleted) {
			deaths.drop(message);
		}
		else {
			this.backlog.putBack(message);
		}
	}

	public void addConsumer(Consumer consumer) {
		change((deaths, now) -> {
			String subject = Names.queue(name(), this.queues.virtualHostName());
			if (this.deleted) {
				throw ReplyCode.NOT_FOUND.error("no %s", subject);
			}
			if (!this.arguments.quorum() && this.consumers.excludes(consumer)) {
				throw ReplyCode.ACCESS_REFUSED.error("%s in exclusive use", subject);
			}
			this.consumers.add(consumer);
		});
	}

	/**
	 * @return whether the queue, being auto-delete, goes with this consumer
	 */
	public boolean removeConsumer(Consumer consumer) {
		Deaths deaths = new Deaths(this);
		boolean unused;
		synchronized (this) {
			touch();
			unused = this.consumers.remove(consumer) && this.definition.autoDelete() && this.consumers.size() == 0
					&& !this.deleted;
			// Another consumer may have become the active one.
			dispatch(this.queues.clock().millis(), deaths);
		}
		deaths.bury();
		return unused;
	}

	void consumerReady() {
		change((deaths, now) -> {
		});
	}

	public int purge() {
		List<QueuedMessage> purged = new ArrayList<>();
		synchronized (this) {
			this.backlog.drainTo(purged);
			this.retries.drainTo(purged);
		}
		this.queues.messageLog().forget(purged);
		return purged.size();
	}

	/**
	 * Ends the queue. Its consumers are told; messages they have can still be settled.
	 * @param condition is asked once more, when nobody else can change the queue
	 * @return how many messages it had
	 */
	int delete(DeleteCondition condition) {
		List<QueuedMessage> remaining = new ArrayList<>();
		List<Consumer> orphans;
		synchronized (this) {
			if (this.deleted) {
				return 0;
			}
			condition.check(this.backlog.size(), this.consumers.size());
			this.deleted = true;
			this.expiryTimer.cancel();
			this.backlog.drainTo(remaining);
			this.retries.drainTo(remaining);
			orphans = this.consumers.removeAll();
		}
		orphans.forEach((consumer) -> consumer.outlet().queueDeleted(consumer));
		this.queues.messageLog().forget(remaining);
		return remaining.size();
	}

	/**
	 * Starts the queue's lease, if it expires.
	 */
	synchronized void startLease() {
		this.lease = Lease.next(this.lease, this, this.arguments.expires());
	}

	/**
	 * Notes that the queue is used, which renews its lease.
	 * @return whether it is still there
	 */
	public synchronized boolean touch() {
		if (this.lease != null) {
			this.lease.renew();
		}
		return !this.deleted;
	}

	private void dispatch(long now, Deaths deaths) {
		this.consumers.assign(this.backlog, now, deaths);
		tidy(now, deaths);
	}

	/**
	 * Drops what is expired or in excess.
	 */
	private void tidy(long now, Deaths deaths) {
		if (this.backlog.size() == 0) {
			return;
		}
		this.capacity.dropExcess(this.backlog, deaths);
		this.backlog.pollExpired(now, (message) -> deaths.add(message, DeathReason.EXPIRED));
		this.expiryTimer.schedule(this.backlog.nextExpiry(), now);
	}

	private void expire() {
		change((deaths, now) -> this.expiryTimer.fired());
	}

}
