package dev.warren.logs.subscriptions;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.warren.logs.LogsProperties;
import dev.warren.messaging.broker.BrokerConnection;
import dev.warren.messaging.broker.ExchangeStatus;
import dev.warren.messaging.publish.RefusedException;
import dev.warren.messaging.broker.Topology;
import dev.warren.messaging.feed.EventStreams;
import dev.warren.messaging.feed.MessageFeed;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;

import org.springframework.amqp.AmqpConnectException;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.listener.AsyncConsumerStoppedEvent;
import org.springframework.amqp.rabbit.listener.ListenerContainerConsumerFailedEvent;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/**
 * The subscriptions there are, those that requests begin and, if the properties say so,
 * standing ones: what the tutorials do with one program that prints and another whose
 * output goes to a file. One whose queue is gone, as it is with each connection to the
 * broker, gets another. Safe for use by several threads.
 */
@Component
public class Subscriptions {

	/**
	 * The ids of the standing subscriptions to all that is critical begin with this.
	 */
	public static final String CRITICAL = "critical-";

	private static final int INTERVAL_MILLIS = 500;

	private static final int INTERVALS_AFTER_REFUSAL = 10;

	private final SubscriptionQueues queues;

	private final Topology topology;

	private final BrokerConnection broker;

	private final LogsProperties properties;

	private final EventStreams streams;

	private final ApplicationEventPublisher events;

	private final Map<String, Subscription> subscriptions = Collections.synchronizedMap(new LinkedHashMap<>());

	private final AtomicInteger created = new AtomicInteger();

	private int pause;

	Subscriptions(SubscriptionQueues queues, Topology topology, BrokerConnection broker, LogsProperties properties,
			EventStreams streams, ApplicationEventPublisher events) {
		this.queues = queues;
		this.topology = topology;
		this.broker = broker;
		this.properties = properties;
		this.streams = streams;
		this.events = events;
		if (properties.everythingToLog()) {
			// Each receiver tells the log what it gets.
			add("everything", LogType.TOPIC, List.of(Binding.ofKey("#")));
		}
		if (properties.criticalToFile()) {
			add(CRITICAL + "topics", LogType.TOPIC, List.of(Binding.ofKey("*.critical")));
			add(CRITICAL + "severity", LogType.DIRECT, List.of(Binding.ofKey("critical")));
		}
	}

	/**
	 * All of them, in the order they were begun.
	 * @return the subscriptions
	 */
	public List<Subscription> list() {
		synchronized (this.subscriptions) {
			return new ArrayList<>(this.subscriptions.values());
		}
	}

	/**
	 * A subscription by its id.
	 * @param id the id
	 * @return the subscription
	 * @throws ProblemException if there is none
	 */
	public Subscription get(String id) {
		Subscription subscription = this.subscriptions.get(id);
		if (subscription == null) {
			throw new ProblemException(ProblemType.NOT_FOUND, "There is no subscription '%s'".formatted(id), "id");
		}
		return subscription;
	}

	/**
	 * Begins a subscription: on return its queue is bound.
	 * @param type the type of the exchange
	 * @param bindings its bindings
	 * @return the subscription
	 * @throws ProblemException if there are too many
	 * @throws RefusedException if the broker refuses; there is no subscription then
	 * @throws AmqpException if the broker cannot be reached; there is no subscription
	 * then
	 */
	public Subscription begin(LogType type, List<Binding> bindings) {
		Subscription subscription = add("subscription-" + this.created.incrementAndGet(), type, bindings);
		try {
			declare(type);
			subscription.change(() -> open(subscription));
			return subscription;
		}
		catch (RuntimeException ex) {
			remove(subscription);
			throw ex;
		}
	}

	private Subscription add(String id, LogType type, List<Binding> bindings) {
		Subscription subscription = new Subscription(id, type, bindings,
				new MessageFeed<>(this.properties.feedCapacity(), this.properties.feedsSize(), LogLine::memorySize));
		synchronized (this.subscriptions) {
			if (this.subscriptions.size() >= this.properties.maxSubscriptions()) {
				throw new ProblemException(ProblemType.CONFLICT,
						"There are as many subscriptions as warren.logs.max-subscriptions allows");
			}
			this.subscriptions.put(id, subscription);
			shareMemory();
		}
		return subscription;
	}

	private void shareMemory() {
		DataSize share = DataSize
			.ofBytes(this.properties.feedsSize().toBytes() / Math.max(1, this.subscriptions.size()));
		this.subscriptions.values().forEach((subscription) -> subscription.feed().resize(share));
	}

	/**
	 * Gives a subscription other bindings. What matches both the old and the new is not
	 * missed.
	 * @param id its id
	 * @param bindings the bindings
	 * @return the subscription
	 * @throws ProblemException if there is no such subscription
	 * @throws RefusedException if the broker refuses; the bindings are as they were then
	 * @throws AmqpException if the broker cannot be reached
	 */
	public Subscription rebind(String id, List<Binding> bindings) {
		Subscription subscription = get(id);
		declare(subscription.type());
		this.topology.requireUsable(subscription.type().exchange());
		subscription.change(() -> {
			this.queues.rebind(open(subscription), subscription.type(), subscription.bindings(), bindings);
			subscription.rebound(bindings);
		});
		return subscription;
	}

	/**
	 * Ends a subscription, its queue and its streams.
	 * @param id its id
	 * @throws ProblemException if there is no such subscription
	 */
	public void end(String id) {
		remove(get(id));
	}

	private void remove(Subscription subscription) {
		synchronized (this.subscriptions) {
			this.subscriptions.remove(subscription.id());
			shareMemory();
		}
		this.streams.end(subscription.feed());
		subscription.change(() -> {
			subscription.close();
			this.events.publishEvent(new AsyncConsumerStoppedEvent(subscription.id(), subscription));
		});
	}

	/**
	 * The exchange of a type, as it is on the broker. If somebody has deleted it, it is
	 * declared, and the subscriptions' queues are bound to it again.
	 * @param type the type
	 * @return the exchange
	 * @throws AmqpException if the broker cannot be reached
	 */
	public ExchangeStatus exchange(LogType type) {
		boolean missing = this.topology.isMissing(type.exchange());
		ExchangeStatus exchange = this.topology.exchange(type.exchange());
		if (missing && this.topology.isUsable(type.exchange())) {
			bindAgain(type);
		}
		return exchange;
	}

	// Not while a subscription is being changed: this may change the others.
	private void declare(LogType type) {
		if (this.broker.broker() == null) {
			throw new AmqpConnectException(
					new IllegalStateException("No connection to the broker: " + this.broker.fault()));
		}
		exchange(type);
	}

	/**
	 * Binds the queues of an exchange's subscriptions once more, after it was deleted and
	 * declared.
	 * @param type the type of the exchange
	 * @throws AmqpException if the broker cannot be reached
	 */
	public void bindAgain(LogType type) {
		list().stream()
			.filter((subscription) -> subscription.type() == type)
			.forEach((subscription) -> subscription.change(() -> {
				String queue = subscription.queue();
				if (queue != null) {
					this.queues.rebind(queue, type, List.of(), subscription.bindings());
				}
			}));
	}

	// Its queue, a new one if it has none.
	private String open(Subscription subscription) {
		String queue = subscription.queue();
		if (queue != null) {
			return queue;
		}
		get(subscription.id());
		subscription.close();
		return this.queues.open(subscription);
	}

	/**
	 * Gives a queue to each subscription that has none. Of an exchange that cannot be
	 * used the topology tells, and looks again.
	 */
	@Scheduled(fixedDelay = INTERVAL_MILLIS)
	void openAll() {
		if (this.pause-- > 0) {
			return;
		}
		for (Subscription subscription : list()) {
			if (subscription.queue() == null && this.topology.isUsable(subscription.type().exchange())) {
				tryToOpen(subscription);
			}
		}
	}

	private void tryToOpen(Subscription subscription) {
		try {
			declare(subscription.type());
			subscription.change(() -> open(subscription));
		}
		catch (RefusedException ex) {
			this.pause = INTERVALS_AFTER_REFUSAL;
			this.events.publishEvent(
					new ListenerContainerConsumerFailedEvent(subscription.id(), ex.getMessage(), null, false));
		}
		catch (AmqpException | ProblemException ex) {
			// No broker, as BrokerConnection tells, or no such subscription any more.
		}
	}

}
