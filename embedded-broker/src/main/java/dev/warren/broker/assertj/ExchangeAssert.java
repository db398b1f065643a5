package dev.warren.broker.assertj;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import dev.warren.broker.BrokerBinding;
import dev.warren.broker.BrokerExchange;
import dev.warren.broker.Timeline;

/**
 * Assertions about an exchange. Each waits until it holds, 10 seconds at most if
 * {@link #within} does not say otherwise.
 */
public final class ExchangeAssert extends WaitingAssert<ExchangeAssert, BrokerExchange> {

	ExchangeAssert(BrokerExchange exchange) {
		super(exchange, ExchangeAssert.class);
	}

	@Override
	Timeline timeline() {
		return this.actual.timeline();
	}

	@Override
	String subject() {
		return "exchange '" + this.actual.name() + "'";
	}

	public ExchangeAssert exists() {
		return await(this.actual::exists, "exist", () -> "");
	}

	/**
	 * The exchange is of that type, such as {@code topic}.
	 */
	public ExchangeAssert hasType(String type) {
		return await(() -> this.actual.exists() && this.actual.type().equals(type), "be of type " + type,
				() -> "is of type " + this.actual.type());
	}

	/**
	 * The queue is bound to the exchange by that key.
	 */
	public ExchangeAssert hasBinding(String queue, String key) {
		return await(() -> this.actual.bindings().stream().anyMatch((binding) -> leads(binding, queue, key)),
				"have a binding of queue '" + queue + "' with the key '" + key + "'", this::bindings);
	}

	private static boolean leads(BrokerBinding binding, String queue, String key) {
		return !binding.toExchange() && binding.target().equals(queue) && binding.key().equals(key);
	}

	private String bindings() {
		List<BrokerBinding> bindings = this.actual.bindings();
		return bindings.isEmpty() ? "has no bindings" : "has " + String.join(", ",
				bindings.stream().map((binding) -> "'" + binding.key() + "' to " + binding.target()).toList());
	}

	private ExchangeAssert await(BooleanSupplier condition, String what, Supplier<String> instead) {
		return await(condition, what, () -> "it " + (this.actual.exists() ? instead.get() : "does not exist"),
				this::timeline);
	}

}
