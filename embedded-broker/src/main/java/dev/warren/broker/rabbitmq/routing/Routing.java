package dev.warren.broker.rabbitmq.routing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

import dev.warren.broker.rabbitmq.event.Detail;
import dev.warren.broker.rabbitmq.wire.MessageProperties;
import org.jspecify.annotations.Nullable;

/**
 * Finds the queues a message goes to. An instance is used for one message after the
 * other, by one thread.
 *
 * @param <Q> what queues are
 */
public final class Routing<Q extends RoutingTarget> {

	private static final int FEW = 8;

	private final Exchanges exchanges;

	private final Class<Q> queueType;

	private final List<Q> queues = new ArrayList<>();

	/** How the message came to each of the queues. */
	private final List<@Nullable Binding> ways = new ArrayList<>();

	private final Set<Q> many = new HashSet<>();

	private final Set<Exchange> visited = new HashSet<>();

	private final Deque<Exchange> pending = new ArrayDeque<>();

	private @Nullable Supplier<MessageProperties> propertySource;

	private @Nullable MessageProperties properties;

	private @Nullable Map<String, @Nullable Object> headers;

	/**
	 * How the message first came to exchanges, by their names, if anybody wants to know.
	 */
	private @Nullable Map<String, Detail.Way> arrivals;

	private boolean matched;

	private boolean acrossTypes;

	public Routing(Exchanges exchanges, Class<Q> queueType) {
		this.exchanges = exchanges;
		this.queueType = queueType;
	}

	/**
	 * Notes how messages come from exchange to exchange, for
	 * {@link #wayFrom(Exchange, RoutingTarget)}.
	 */
	public void noteArrivals() {
		this.arrivals = new HashMap<>();
	}

	/**
	 * Routes a message.
	 * @param propertySource the message's properties, read only if an exchange looks at
	 * them
	 * @return the queues, each once, valid until the next call
	 */
	public List<Q> route(Exchange exchange, List<String> routingKeys, Supplier<MessageProperties> propertySource) {
		this.queues.clear();
		this.ways.clear();
		this.many.clear();
		this.acrossTypes = false;
		this.headers = null;
		this.properties = null;
		this.propertySource = propertySource;
		if (this.arrivals != null) {
			this.arrivals.clear();
		}
		routeOne(exchange, routingKeys);
		if (!this.pending.isEmpty()) {
			this.visited.clear();
			this.visited.add(exchange);
			Exchange next = this.pending.poll();
			while (next != null) {
				if (this.visited.add(next)) {
					routeOne(next, routingKeys);
				}
				next = this.pending.poll();
			}
		}
		return this.queues;
	}

	private void routeOne(Exchange exchange, List<String> routingKeys) {
		this.matched = false;
		for (int i = 0; i < routingKeys.size(); i++) {
			exchange.routes().match(routingKeys.get(i), this);
		}
		if (!this.matched) {
			String alternate = exchange.alternateExchange();
			Exchange alternateExchange = (alternate != null) ? this.exchanges.exchange(alternate) : null;
			if (alternateExchange != null) {
				arrive(alternateExchange, Detail.Way.alternate(exchange.name(), alternateExchange.name()));
			}
		}
	}

	/**
	 * Called by the routes that match.
	 */
	void add(Binding binding) {
		this.matched = true;
		if (binding.target() instanceof Exchange exchange) {
			arrive(exchange, binding.way());
		}
		else {
			addQueue(binding.target(), binding);
		}
	}

	private void arrive(Exchange exchange, Detail.Way way) {
		this.pending.add(exchange);
		if (this.arrivals != null) {
			this.arrivals.putIfAbsent(exchange.name(), way);
		}
	}

	/**
	 * Called by the default exchange, which has no bindings.
	 */
	void add(RoutingTarget queue) {
		this.matched = true;
		addQueue(queue, null);
	}

	/**
	 * Called by the routes of an exchange that delays the message. As with RabbitMQ's
	 * plugin, it has not been routed yet, so an alternate exchange gets it at once.
	 */
	void delay(RoutingTarget delayQueue) {
		addQueue(delayQueue, null);
	}

	/**
	 * Called by routes that take values of different types for the same.
	 */
	void matchesAcrossTypes() {
		this.acrossTypes = true;
	}

	/**
	 * Whether values of different types were taken for the same.
	 */
	public boolean isAcrossTypes() {
		return this.acrossTypes;
	}

	private void addQueue(RoutingTarget target, @Nullable Binding way) {
		Q queue = this.queueType.cast(target);
		if (isNew(queue)) {
			this.queues.add(queue);
			this.ways.add(way);
		}
	}

	/**
	 * How the message comes to the queues of the last call, valid for longer than that.
	 */
	public Ways<Q> ways() {
		List<Detail.Way> ways = new ArrayList<>(this.ways.size());
		for (int i = 0; i < this.ways.size(); i++) {
			ways.add(way(i));
		}
		return new Ways<>(new ArrayList<>(this.queues), ways);
	}

	/**
	 * How the last message came from the exchange it was published to, by way of others,
	 * to a queue.
	 */
	public List<Detail.Way> wayFrom(Exchange exchange, Q queue) {
		Deque<Detail.Way> steps = new ArrayDeque<>();
		Detail.Way step = way(this.queues.indexOf(queue));
		while (step != null) {
			steps.addFirst(step);
			String source = step.source();
			step = (source.equals(exchange.name()) || this.arrivals == null) ? null : this.arrivals.get(source);
		}
		return List.copyOf(steps);
	}

	private Detail.Way way(int index) {
		Binding binding = this.ways.get(index);
		return (binding != null) ? binding.way() : Detail.Way.byName(this.queues.get(index).name());
	}

	private boolean isNew(Q queue) {
		if (this.queues.size() < FEW) {
			return !this.queues.contains(queue);
		}
		if (this.many.isEmpty()) {
			this.many.addAll(this.queues);
		}
		return this.many.add(queue);
	}

	/**
	 * Whether the exchange has a target already, for another of the routing keys.
	 */
	boolean hasMatched() {
		return this.matched;
	}

	MessageProperties properties() {
		MessageProperties known = this.properties;
		if (known == null) {
			known = Objects.requireNonNull(this.propertySource).get();
			this.properties = known;
		}
		return known;
	}

	Map<String, @Nullable Object> headers() {
		Map<String, @Nullable Object> known = this.headers;
		if (known == null) {
			known = properties().headers();
			this.headers = known;
		}
		return known;
	}

}
