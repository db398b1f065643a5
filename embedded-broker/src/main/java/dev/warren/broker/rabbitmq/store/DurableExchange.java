package dev.warren.broker.rabbitmq.store;

import java.util.List;

/**
 * An exchange in the store: its definition and its durable bindings.
 */
public final class DurableExchange {

	private final QpidExchange stored;

	DurableExchange(QpidExchange stored) {
		this.stored = stored;
	}

	public ExchangeDefinition definition() {
		return this.stored.definition();
	}

	public List<BindingDefinition> bindings() {
		return this.stored.bindings();
	}

	/**
	 * Keeps these bindings and no others.
	 */
	public void store(List<BindingDefinition> bindings) {
		this.stored.store(bindings);
	}

	public void delete() {
		this.stored.deleteAsSystem();
	}

}
