package dev.warren.broker.rabbitmq;

import java.util.List;

/**
 * An exchange in the store: its definition and its durable bindings.
 */
final class DurableExchange {

	private final QpidExchange stored;

	DurableExchange(QpidExchange stored) {
		this.stored = stored;
	}

	ExchangeDefinition definition() {
		return this.stored.definition();
	}

	List<BindingDefinition> bindings() {
		return this.stored.bindings();
	}

	/**
	 * Keeps these bindings and no others.
	 */
	void store(List<BindingDefinition> bindings) {
		this.stored.store(bindings);
	}

	void delete() {
		this.stored.deleteAsSystem();
	}

}
