package dev.warren.broker.rabbitmq.store;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A binding as the store keeps it, with the exchange that it starts from.
 *
 * @param target the name of the queue or exchange it leads to
 */
public record BindingDefinition(String target, boolean toExchange, String key,
		Map<String, @Nullable Object> arguments) {

}
