package dev.warren.broker.rabbitmq.routing;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.warren.broker.rabbitmq.policy.AppliedPolicy;
import dev.warren.broker.rabbitmq.stats.ExchangeStats;
import dev.warren.broker.rabbitmq.store.DurableExchange;
import dev.warren.broker.rabbitmq.store.ExchangeDefinition;
import org.jspecify.annotations.Nullable;

/**
 * An exchange and its bindings.
 */
public final class Exchange implements RoutingTarget {

	/** The name of the exchange that every queue is bound to. */
	public static final String DEFAULT = "";

	private final ExchangeDefinition definition;

	private final Routes routes;

	private final ExchangeStats stats = new ExchangeStats();

	/** Guarded by itself. */
	private final Set<Binding> bindings = new LinkedHashSet<>();

	private volatile @Nullable DurableExchange durableForm;

	private volatile AppliedPolicy policy = AppliedPolicy.NONE;

	private volatile @Nullable String alternateExchange;

	Exchange(ExchangeDefinition definition, Routes routes) {
		this.definition = definition;
		this.routes = routes;
		this.alternateExchange = definition.alternateExchange();
	}

	@Override
	public String name() {
		return this.definition.name();
	}

	@Override
	public boolean isDurable() {
		return this.definition.durable();
	}

	public ExchangeDefinition definition() {
		return this.definition;
	}

	public ExchangeStats stats() {
		return this.stats;
	}

	@Nullable DurableExchange durableForm() {
		return this.durableForm;
	}

	void durableForm(DurableExchange durableForm) {
		this.durableForm = durableForm;
	}

	public AppliedPolicy policy() {
		return this.policy;
	}

	/**
	 * Has other policies apply. What the exchange was declared with counts before them.
	 */
	void apply(AppliedPolicy newPolicy) {
		this.policy = newPolicy;
		if (this.definition.alternateExchange() == null && !name().equals(DEFAULT)) {
			this.alternateExchange = newPolicy.text(ExchangeDefinition.ALTERNATE_EXCHANGE);
		}
	}

	/**
	 * Where messages go that match no binding, or null.
	 */
	@Nullable String alternateExchange() {
		return this.alternateExchange;
	}

	Routes routes() {
		return this.routes;
	}

	boolean add(Binding binding) {
		synchronized (this.bindings) {
			boolean added = this.bindings.add(binding);
			if (added) {
				this.routes.add(binding);
			}
			return added;
		}
	}

	boolean remove(Binding binding) {
		synchronized (this.bindings) {
			boolean removed = this.bindings.remove(binding);
			if (removed) {
				this.routes.remove(binding);
			}
			return removed;
		}
	}

	/**
	 * In the order in which they were made.
	 */
	public List<Binding> bindings() {
		synchronized (this.bindings) {
			return List.copyOf(this.bindings);
		}
	}

	public boolean isUnused() {
		synchronized (this.bindings) {
			return this.bindings.isEmpty();
		}
	}

	// Bindings refer to exchanges, so an exchange is compared by identity.

	@Override
	public String toString() {
		return name().equals(DEFAULT) ? "the default exchange" : "exchange '" + name() + "'";
	}

}
