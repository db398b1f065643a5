package dev.warren.broker.rabbitmq.routing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

import dev.warren.broker.rabbitmq.policy.Policies;
import dev.warren.broker.rabbitmq.store.BindingDefinition;
import dev.warren.broker.rabbitmq.store.DurableExchange;
import dev.warren.broker.rabbitmq.store.ExchangeDefinition;
import dev.warren.broker.rabbitmq.store.ExchangeType;
import dev.warren.broker.rabbitmq.store.VirtualHostStore;
import dev.warren.broker.rabbitmq.wire.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges and bindings of a virtual host.
 * <p>
 * Looking up takes no lock. Changes are made one at a time; the durable ones are written
 * to the store before they are visible.
 */
public final class Exchanges {

	private static final Map<String, ExchangeType> PREDECLARED = Map.of("amq.direct", ExchangeType.DIRECT, "amq.fanout",
			ExchangeType.FANOUT, "amq.topic", ExchangeType.TOPIC, "amq.headers", ExchangeType.HEADERS, "amq.match",
			ExchangeType.HEADERS);

	private final VirtualHostStore store;

	private final QueueLocator queues;

	private final Dialect dialect;

	private final ReentrantLock changes;

	private Policies policies = Policies.NONE;

	private final Map<String, Exchange> exchanges = new ConcurrentHashMap<>();

	/** The bindings to each target, so that they go with it. */
	private final Map<RoutingTarget, List<Binding>> incoming = new ConcurrentHashMap<>();

	/**
	 * @param changes the lock for changes, of queues as of exchanges
	 */
	public Exchanges(VirtualHostStore store, QueueLocator queues, Dialect dialect, ReentrantLock changes) {
		this.store = store;
		this.queues = queues;
		this.dialect = dialect;
		this.changes = changes;
		this.exchanges.put(Exchange.DEFAULT,
				new Exchange(
						new ExchangeDefinition(Exchange.DEFAULT, ExchangeType.DIRECT, true, false, false, Map.of()),
						new DefaultExchangeRoutes(queues)));
	}

	/**
	 * Takes over what the store knows, and adds what every virtual host has. The queues
	 * have to be there already.
	 */
	public void restore() {
		Map<Exchange, List<BindingDefinition>> stored = new LinkedHashMap<>();
		for (DurableExchange durableForm : this.store.exchanges()) {
			Exchange exchange = create(durableForm.definition());
			exchange.durableForm(durableForm);
			stored.put(exchange, durableForm.readBindings());
		}
		stored.keySet().forEach((exchange) -> this.exchanges.put(exchange.name(), exchange));
		stored.forEach((exchange, bindings) -> bindings.forEach((binding) -> {
			RoutingTarget target = binding.toExchange() ? exchange(binding.target())
					: this.queues.queue(binding.target());
			if (target != null) {
				addBinding(new Binding(exchange, target, binding.key(), binding.arguments()));
			}
			else {
				// The broker ended after the target and before the binding to it was
				// gone.
				Objects.requireNonNull(exchange.durableForm()).remove(binding, false);
			}
		}));
		PREDECLARED.forEach((name, type) -> {
			if (exchange(name) == null) {
				declare(new ExchangeDefinition(name, type, true, false, false, Map.of()));
			}
		});
	}

	/**
	 * The exchange of that name, or null.
	 */
	public @Nullable Exchange exchange(String name) {
		return this.exchanges.get(name);
	}

	/**
	 * All exchanges, in no order.
	 */
	public Collection<Exchange> all() {
		return Collections.unmodifiableCollection(this.exchanges.values());
	}

	/**
	 * Declares an exchange, or finds the one of that name.
	 */
	public Exchange declare(ExchangeDefinition definition) {
		this.changes.lock();
		try {
			Exchange existing = exchange(definition.name());
			if (existing != null) {
				return existing;
			}
			Exchange exchange = create(definition);
			if (definition.durable()) {
				exchange.durableForm(this.store.create(definition));
			}
			this.exchanges.put(definition.name(), exchange);
			return exchange;
		}
		finally {
			this.changes.unlock();
		}
	}

	private Exchange create(ExchangeDefinition definition) {
		Routes routes = Routes.of(definition, this.dialect);
		Exchange exchange = new Exchange(definition, (definition.type() == ExchangeType.DELAYED)
				? new DelayedRoutes(routes, this.queues.delayQueue(definition)) : routes);
		exchange.apply(this.policies.ofExchange(definition.name()));
		return exchange;
	}

	/**
	 * Has these policies apply, to what is there and to what will be declared.
	 */
	public void apply(Policies newPolicies) {
		this.changes.lock();
		try {
			this.policies = newPolicies;
			this.exchanges.values().forEach((exchange) -> exchange.apply(newPolicies.ofExchange(exchange.name())));
		}
		finally {
			this.changes.unlock();
		}
	}

	/**
	 * Makes a binding, unless its source or its target has been deleted.
	 * @return whether both are there
	 */
	public boolean bind(Binding binding) {
		this.changes.lock();
		try {
			if (!isThere(binding.source()) || !isThere(binding.target())) {
				return false;
			}
			DurableExchange durableForm = binding.source().durableForm();
			if (binding.isDurable() && durableForm != null) {
				// It knows which it has.
				durableForm.add(binding.definition());
			}
			addBinding(binding);
			return true;
		}
		finally {
			this.changes.unlock();
		}
	}

	private boolean isThere(RoutingTarget target) {
		return target == ((target instanceof Exchange) ? exchange(target.name()) : this.queues.queue(target.name()));
	}

	private boolean addBinding(Binding binding) {
		boolean added = binding.source().add(binding);
		if (added) {
			this.incoming.computeIfAbsent(binding.target(), (target) -> new ArrayList<>()).add(binding);
		}
		return added;
	}

	public void unbind(Binding binding) {
		this.changes.lock();
		try {
			removeFromTarget(binding);
			removeFromSource(binding, true);
		}
		finally {
			this.changes.unlock();
		}
	}

	private void removeFromTarget(Binding binding) {
		List<Binding> bindings = this.incoming.get(binding.target());
		if (bindings != null) {
			bindings.remove(binding);
		}
	}

	private void removeFromSource(Binding binding, boolean safely) {
		Exchange source = binding.source();
		if (!source.remove(binding)) {
			return;
		}
		if (source.definition().autoDelete() && source.isUnused()) {
			delete(source);
		}
		else {
			DurableExchange durableForm = source.durableForm();
			if (binding.isDurable() && durableForm != null) {
				durableForm.remove(binding.definition(), safely);
			}
		}
	}

	public void delete(Exchange exchange) {
		delete(exchange, false);
	}

	/**
	 * Deletes an exchange with all its bindings.
	 * @param ifUnused whether it is kept if something is bound to it
	 * @return whether it is gone
	 */
	public boolean delete(Exchange exchange, boolean ifUnused) {
		this.changes.lock();
		try {
			if (ifUnused && !exchange.isUnused()) {
				return false;
			}
			if (!this.exchanges.remove(exchange.name(), exchange)) {
				return true;
			}
			if (exchange.definition().type() == ExchangeType.DELAYED) {
				// First, so that a broker that ends here has no such queue too many.
				this.queues.deleteDelayQueue(exchange.definition());
			}
			DurableExchange durableForm = exchange.durableForm();
			if (durableForm != null) {
				durableForm.delete();
			}
			for (Binding binding : exchange.bindings()) {
				exchange.remove(binding);
				removeFromTarget(binding);
			}
			removeBindingsTo(exchange);
			return true;
		}
		finally {
			this.changes.unlock();
		}
	}

	/**
	 * Removes all bindings to a queue or exchange that is being deleted.
	 */
	public void removeBindingsTo(RoutingTarget target) {
		this.changes.lock();
		try {
			List<Binding> bindings = this.incoming.remove(target);
			if (bindings != null) {
				List.copyOf(bindings).forEach((binding) -> removeFromSource(binding, false));
			}
		}
		finally {
			this.changes.unlock();
		}
	}

	/**
	 * Says, for people, why no queue gets what is published to the exchange with that
	 * key.
	 */
	public String explain(Exchange exchange, String key) {
		return NearestBinding.explain(exchange, key, this.queues.names());
	}

}
