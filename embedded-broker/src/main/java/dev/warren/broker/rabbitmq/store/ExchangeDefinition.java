package dev.warren.broker.rabbitmq.store;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a client declared an exchange to be.
 *
 * @param internal whether only other exchanges may publish to it
 * @param autoDelete whether it goes with its last binding
 */
public record ExchangeDefinition(String name, ExchangeType type, boolean durable, boolean autoDelete, boolean internal,
		Map<String, @Nullable Object> arguments) {

	public static final String ALTERNATE_EXCHANGE = "alternate-exchange";

	public static final String DELAYED_TYPE = "x-delayed-type";

	/**
	 * The type by which it routes, which of a delayed exchange is another than its own.
	 */
	public ExchangeType routingType() {
		ExchangeType delayed = (this.arguments.get(DELAYED_TYPE) instanceof String name) ? ExchangeType.of(name) : null;
		return (this.type == ExchangeType.DELAYED && delayed != null) ? delayed : this.type;
	}

	/**
	 * Where messages go that match no binding.
	 */
	public @Nullable String alternateExchange() {
		return (this.arguments.get(ALTERNATE_EXCHANGE) instanceof String name) ? name : null;
	}

}
