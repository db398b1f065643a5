package dev.warren.broker.rabbitmq.queue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

import dev.warren.broker.rabbitmq.arguments.QueueArguments;
import dev.warren.broker.rabbitmq.event.Detail;
import dev.warren.broker.rabbitmq.event.Events;
import dev.warren.broker.rabbitmq.event.Happening;
import dev.warren.broker.rabbitmq.event.Origin;
import dev.warren.broker.rabbitmq.policy.AppliedPolicy;
import dev.warren.broker.rabbitmq.policy.Policies;
import dev.warren.broker.rabbitmq.routing.Exchanges;
import dev.warren.broker.rabbitmq.routing.QueueLocator;
import dev.warren.broker.rabbitmq.stats.Churn;
import dev.warren.broker.rabbitmq.stats.VirtualHostStats;
import dev.warren.broker.rabbitmq.store.DurableQueue;
import dev.warren.broker.rabbitmq.store.ExchangeDefinition;
import dev.warren.broker.rabbitmq.store.MessageLog;
import dev.warren.broker.rabbitmq.store.QueueDefinition;
import dev.warren.broker.rabbitmq.store.VirtualHostStore;
import dev.warren.broker.rabbitmq.time.EngineClock;
import dev.warren.broker.rabbitmq.time.Timers;
import dev.warren.broker.rabbitmq.upgrade.ChangedUses;
import dev.warren.broker.rabbitmq.wire.Dialect;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queues of a virtual host, and all that they share.
 * <p>
 * Looking up takes no lock. Changes are made one at a time; the durable ones are written
 * to the store before they are visible.
 */
public final class Queues implements QueueLocator {

	private static final Logger logger = LoggerFactory.getLogger(Queues.class);

	private static final long RETRY_MILLIS = 500;

	private final String virtualHostName;

	private final VirtualHostStore store;

	private final Dialect dialect;

	private final ChangedUses changedUses;

	private final EngineClock clock;

	private final Timers timers;

	private final Events events;

	private final VirtualHostStats stats = new VirtualHostStats();

	private final IntSupplier mostQueues;

	/** Messages in queues and at consumers. */
	private final LongAdder messages = new LongAdder();

	private final Map<String, MessageQueue> queues = new ConcurrentHashMap<>();

	/** Those of delayed exchanges, which clients do not see. */
	private final Map<String, MessageQueue> delayQueues = new ConcurrentHashMap<>();

	private final ReentrantLock changes = new ReentrantLock();

	private Policies policies = Policies.NONE;

	private final Exchanges exchanges;

	private final DeadLetters deadLetters;

	/**
	 * @param virtualHostName what clients call the virtual host
	 * @param mostQueues how many queues it may have; below 0 is any number
	 */
	public Queues(String virtualHostName, VirtualHostStore store, Dialect dialect, EngineClock clock, Timers timers,
			IntSupplier mostQueues) {
		this.virtualHostName = virtualHostName;
		this.store = store;
		this.dialect = dialect;
		this.changedUses = new ChangedUses(dialect);
		this.clock = clock;
		this.timers = timers;
		this.events = new Events(clock);
		this.mostQueues = mostQueues;
		this.exchanges = new Exchanges(store, this, dialect, this.changes);
		this.deadLetters = new DeadLetters(this, store.messageLog(), dialect, clock);
	}

	/**
	 * Takes over the queues, exchanges, bindings and messages that the store knows.
	 */
	public void restore() {
		this.changes.lock();
		try {
			restoreAll();
		}
		finally {
			this.changes.unlock();
		}
	}

	private void restoreAll() {
		List<MessageQueue> restored = new ArrayList<>();
		for (DurableQueue durableForm : this.store.queues()) {
			QueueDefinition definition = durableForm.definition();
			try {
				MessageQueue queue = create(definition,
						QueueArguments.ofStored(definition, this.virtualHostName, this.dialect), null);
				queue.durableForm(durableForm);
				restored.add(queue);
			}
			catch (ProtocolException ex) {
				logger.error("A queue cannot be restored, and stays in the store with its messages: {}",
						ex.getMessage());
			}
		}
		restored.forEach((queue) -> queues(queue.definition()).put(queue.name(), queue));
		this.exchanges.restore();
		restored.forEach(MessageQueue::startLease);
		for (MessageQueue queue : restored) {
			Objects.requireNonNull(queue.durableForm()).connect(queue);
		}
		this.timers.repeat(messageLog()::retry, RETRY_MILLIS);
		// Last, so that dead letters come after what is in their queues already.
		restored.forEach(MessageQueue::buryRecovered);
	}

	public String virtualHostName() {
		return this.virtualHostName;
	}

	public Exchanges exchanges() {
		return this.exchanges;
	}

	public MessageLog messageLog() {
		return this.store.messageLog();
	}

	public DeadLetters deadLetters() {
		return this.deadLetters;
	}

	/**
	 * Which RabbitMQ is played.
	 */
	public Dialect dialect() {
		return this.dialect;
	}

	/**
	 * What clients did that other versions do not do as this one.
	 */
	public ChangedUses changedUses() {
		return this.changedUses;
	}

	/**
	 * What happens here, for those who listen.
	 */
	public Events events() {
		return this.events;
	}

	public VirtualHostStats stats() {
		return this.stats;
	}

	/**
	 * All queues there are, which may change meanwhile.
	 */
	public Collection<MessageQueue> all() {
		return Collections.unmodifiableCollection(this.queues.values());
	}

	/**
	 * Empties all queues, and those in which messages are delayed.
	 */
	public void purge() {
		this.queues.values().forEach(MessageQueue::purge);
		this.delayQueues.values().forEach(MessageQueue::purge);
	}

	public EngineClock clock() {
		return this.clock;
	}

	public Timers timers() {
		return this.timers;
	}

	/**
	 * Counts the messages in all queues and at their consumers.
	 */
	public LongAdder messages() {
		return this.messages;
	}

	private Map<String, MessageQueue> queues(QueueDefinition definition) {
		return definition.isDelayQueue() ? this.delayQueues : this.queues;
	}

	/**
	 * The queue of that name, or null.
	 */
	@Override
	public @Nullable MessageQueue queue(String name) {
		return this.queues.get(name);
	}

	@Override
	public Collection<String> names() {
		return this.queues.keySet();
	}

	/**
	 * Declares a queue, or finds the one of that name.
	 * @throws ProtocolException if the virtual host may have no more queues
	 */
	public MessageQueue declare(QueueDefinition definition, QueueArguments arguments, @Nullable QueueOwner owner) {
		this.changes.lock();
		try {
			MessageQueue existing = queues(definition).get(definition.name());
			if (existing != null) {
				existing.touch();
				return existing;
			}
			checkRoom(definition);
			MessageQueue queue = create(definition, arguments, owner);
			if (definition.durable() && owner == null) {
				DurableQueue durableForm = this.store.create(definition, arguments.quorum() || arguments.delaying());
				durableForm.connect(queue);
				queue.durableForm(durableForm);
			}
			queues(definition).put(definition.name(), queue);
			queue.startLease();
			this.stats.count(Churn.QUEUE_CREATED);
			return queue;
		}
		finally {
			this.changes.unlock();
		}
	}

	private MessageQueue create(QueueDefinition definition, QueueArguments declared, @Nullable QueueOwner owner) {
		AppliedPolicy policy = policy(definition, declared.quorum());
		return new MessageQueue(definition, policy, arguments(definition, policy, declared.quorum()), this, owner);
	}

	private AppliedPolicy policy(QueueDefinition definition, boolean quorum) {
		return definition.isDelayQueue() ? AppliedPolicy.NONE : this.policies.ofQueue(definition.name(), quorum);
	}

	private QueueArguments arguments(QueueDefinition definition, AppliedPolicy policy, boolean quorum) {
		return QueueArguments.ofStored(definition.with(policy.over(definition.arguments(), quorum)),
				this.virtualHostName, this.dialect);
	}

	/**
	 * Has these policies apply, to what is there and to what will be declared. To be
	 * called by one at a time.
	 */
	public void apply(Policies newPolicies) {
		List<MessageQueue> present;
		this.changes.lock();
		try {
			if (newPolicies.equals(this.policies)) {
				return;
			}
			this.policies = newPolicies;
			this.exchanges.apply(newPolicies);
			present = List.copyOf(this.queues.values());
		}
		finally {
			this.changes.unlock();
		}
		for (MessageQueue queue : present) {
			boolean quorum = queue.arguments().quorum();
			AppliedPolicy policy = newPolicies.ofQueue(queue.name(), quorum);
			if (!policy.equals(queue.policy())) {
				queue.apply(policy, arguments(queue.definition(), policy, quorum));
			}
		}
	}

	@Override
	public MessageQueue delayQueue(ExchangeDefinition exchange) {
		QueueDefinition definition = QueueDefinition.ofDelayQueue(exchange,
				Map.of(QueueArguments.DEAD_LETTER_EXCHANGE, exchange.name()));
		return declare(definition, QueueArguments.of(definition, this.virtualHostName, this.dialect), null);
	}

	@Override
	public void deleteDelayQueue(ExchangeDefinition exchange) {
		delete(delayQueue(exchange));
	}

	private void checkRoom(QueueDefinition definition) {
		int most = this.mostQueues.getAsInt();
		if (most >= 0 && !definition.isDelayQueue() && this.queues.size() >= most) {
			throw ReplyCode.PRECONDITION_FAILED.error(
					"cannot declare queue '%s': queue limit in vhost '%s' (%d) is reached", definition.name(),
					this.virtualHostName, most);
		}
	}

	/**
	 * Deletes a queue with all its bindings.
	 * @return how many messages were ready
	 */
	public int delete(MessageQueue queue) {
		return delete(queue, DeleteCondition.ALWAYS);
	}

	/**
	 * Deletes a queue that nobody consumes from.
	 */
	public void deleteIfUnused(MessageQueue queue) {
		deleteIf(queue, DeleteCondition.UNUSED);
	}

	/**
	 * Deletes a queue if a condition holds, which nobody awaits.
	 */
	void deleteIf(MessageQueue queue, DeleteCondition condition) {
		try {
			delete(queue, condition);
		}
		catch (ProtocolException ex) {
			// It is used again.
		}
	}

	/**
	 * Deletes a queue with all its bindings if a condition holds.
	 * @return how many messages were ready
	 * @throws ProtocolException if the condition does not hold
	 */
	public int delete(MessageQueue queue, DeleteCondition condition) {
		this.changes.lock();
		try {
			int ready = queue.delete(condition);
			QueueOwner owner = queue.owner();
			if (owner != null) {
				owner.lost(queue);
			}
			if (queues(queue.definition()).remove(queue.name(), queue)) {
				DurableQueue durableForm = queue.durableForm();
				if (durableForm != null) {
					durableForm.delete();
				}
				this.exchanges.removeBindingsTo(queue);
				this.stats.queueDeleted(queue.stats(), queue.arguments().quorum());
				this.events.tell(Happening.QUEUE_DELETED, Origin.BROKER, queue.name(), new Detail.Removal(ready, true));
			}
			return ready;
		}
		finally {
			this.changes.unlock();
		}
	}

}
