package dev.warren.broker.rabbitmq;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * The queues, exchanges and bindings of a virtual host.
 * <p>
 * Looking up takes no lock. Changes are made one at a time; the durable ones are written
 * to Qpid's configuration store before they are visible.
 */
final class Topology {

	static final String DEFAULT_EXCHANGE = "";

	private static final Map<String, ExchangeType> PREDECLARED = Map.of("amq.direct", ExchangeType.DIRECT, "amq.fanout",
			ExchangeType.FANOUT, "amq.topic", ExchangeType.TOPIC, "amq.headers", ExchangeType.HEADERS, "amq.match",
			ExchangeType.HEADERS);

	private final String virtualHostName;

	private final DurableTopology durable;

	private final MessageLog messageLog;

	private final ScheduledExecutorService timers;

	private final Alarms alarms;

	private final BlockedConnections blockedConnections;

	/** Messages in queues and at consumers. */
	private final LongAdder messages = new LongAdder();

	private final DeadLetters deadLetters = new DeadLetters(this);

	private final DirectReplies directReplies = new DirectReplies();

	private final Map<String, MessageQueue> queues = new ConcurrentHashMap<>();

	private final Map<String, Exchange> exchanges = new ConcurrentHashMap<>();

	/** The bindings to each target, so that they go with it. */
	private final Map<RoutingTarget, List<Binding>> incoming = new ConcurrentHashMap<>();

	private final ReentrantLock changes = new ReentrantLock();

	Topology(String virtualHostName, DurableTopology durable, MessageLog messageLog, ScheduledExecutorService timers,
			Alarms alarms) {
		this.virtualHostName = virtualHostName;
		this.durable = durable;
		this.messageLog = messageLog;
		this.timers = timers;
		this.alarms = alarms;
		this.blockedConnections = new BlockedConnections(virtualHostName);
		Exchange defaultExchange = new Exchange(
				new ExchangeDefinition(DEFAULT_EXCHANGE, ExchangeType.DIRECT, true, false, false, Map.of()),
				new DefaultExchangeRoutes(this));
		this.exchanges.put(DEFAULT_EXCHANGE, defaultExchange);
	}

	/**
	 * Takes over what the configuration store knows, and adds what every virtual host
	 * has.
	 */
	void restore(Collection<MessageQueue> storedQueues, Map<Exchange, List<StoredBinding>> storedExchanges) {
		storedQueues.forEach((queue) -> {
			this.queues.put(queue.name(), queue);
			queue.startLease();
		});
		storedExchanges.keySet().forEach((exchange) -> this.exchanges.put(exchange.name(), exchange));
		storedExchanges.forEach((exchange, bindings) -> bindings.forEach((binding) -> {
			RoutingTarget target = binding.toExchange() ? exchange(binding.target()) : queue(binding.target());
			if (target != null) {
				addBinding(new Binding(exchange, target, binding.key(), binding.arguments()));
			}
		}));
		PREDECLARED.forEach((name, type) -> {
			if (exchange(name) == null) {
				declare(new ExchangeDefinition(name, type, true, false, false, Map.of()));
			}
		});
	}

	String virtualHostName() {
		return this.virtualHostName;
	}

	MessageLog messageLog() {
		return this.messageLog;
	}

	ScheduledExecutorService timers() {
		return this.timers;
	}

	Alarms alarms() {
		return this.alarms;
	}

	BlockedConnections blockedConnections() {
		return this.blockedConnections;
	}

	LongAdder messages() {
		return this.messages;
	}

	DeadLetters deadLetters() {
		return this.deadLetters;
	}

	DirectReplies directReplies() {
		return this.directReplies;
	}

	@Nullable MessageQueue queue(String name) {
		return this.queues.get(name);
	}

	@Nullable Exchange exchange(String name) {
		return this.exchanges.get(name);
	}

	/**
	 * Declares a queue, or finds the one of that name.
	 */
	MessageQueue declare(QueueDefinition definition, QueueArguments arguments, @Nullable ClientConnection owner) {
		this.changes.lock();
		try {
			MessageQueue existing = queue(definition.name());
			if (existing != null) {
				return existing;
			}
			MessageQueue queue = new MessageQueue(definition, arguments, this, owner);
			if (definition.durable() && owner == null) {
				queue.durableForm(this.durable.create(queue));
			}
			this.queues.put(definition.name(), queue);
			queue.startLease();
			return queue;
		}
		finally {
			this.changes.unlock();
		}
	}

	/**
	 * Declares an exchange, or finds the one of that name.
	 */
	Exchange declare(ExchangeDefinition definition) {
		this.changes.lock();
		try {
			Exchange existing = exchange(definition.name());
			if (existing != null) {
				return existing;
			}
			Exchange exchange = new Exchange(definition);
			if (definition.durable()) {
				exchange.durableForm(this.durable.create(exchange));
			}
			this.exchanges.put(definition.name(), exchange);
			return exchange;
		}
		finally {
			this.changes.unlock();
		}
	}

	void bind(Binding binding) {
		this.changes.lock();
		try {
			if (addBinding(binding) && binding.isDurable()) {
				store(binding.source());
			}
		}
		finally {
			this.changes.unlock();
		}
	}

	private boolean addBinding(Binding binding) {
		boolean added = binding.source().add(binding);
		if (added) {
			this.incoming.computeIfAbsent(binding.target(), (target) -> new ArrayList<>()).add(binding);
		}
		return added;
	}

	void unbind(Binding binding) {
		this.changes.lock();
		try {
			List<Binding> bindings = this.incoming.get(binding.target());
			if (bindings != null) {
				bindings.remove(binding);
			}
			removeFromSource(binding);
		}
		finally {
			this.changes.unlock();
		}
	}

	private void removeFromSource(Binding binding) {
		Exchange source = binding.source();
		if (!source.remove(binding)) {
			return;
		}
		if (source.definition().autoDelete() && source.isUnused()) {
			delete(source);
		}
		else if (binding.isDurable()) {
			store(source);
		}
	}

	private void store(Exchange exchange) {
		QpidExchange durableForm = exchange.durableForm();
		if (durableForm != null) {
			durableForm.store(exchange.bindings());
		}
	}

	/**
	 * Deletes a queue with all its bindings.
	 * @return how many messages were ready
	 */
	int delete(MessageQueue queue) {
		this.changes.lock();
		try {
			int messages = queue.delete();
			if (this.queues.remove(queue.name(), queue)) {
				QpidQueue durableForm = queue.durableForm();
				if (durableForm != null) {
					durableForm.deleteAsSystem();
				}
				removeIncoming(queue);
			}
			return messages;
		}
		finally {
			this.changes.unlock();
		}
	}

	void delete(Exchange exchange) {
		this.changes.lock();
		try {
			if (!this.exchanges.remove(exchange.name(), exchange)) {
				return;
			}
			QpidExchange durableForm = exchange.durableForm();
			if (durableForm != null) {
				durableForm.deleteAsSystem();
			}
			for (Binding binding : exchange.bindings()) {
				exchange.remove(binding);
				List<Binding> bindings = this.incoming.get(binding.target());
				if (bindings != null) {
					bindings.remove(binding);
				}
			}
			removeIncoming(exchange);
		}
		finally {
			this.changes.unlock();
		}
	}

	private void removeIncoming(RoutingTarget target) {
		List<Binding> bindings = this.incoming.remove(target);
		if (bindings != null) {
			List.copyOf(bindings).forEach(this::removeFromSource);
		}
	}

	/**
	 * A binding as the configuration store keeps it.
	 */
	record StoredBinding(String target, boolean toExchange, String key, Map<String, @Nullable Object> arguments) {

	}

	/**
	 * Where durable queues and exchanges are kept.
	 */
	interface DurableTopology {

		QpidQueue create(MessageQueue queue);

		QpidExchange create(Exchange exchange);

	}

}
