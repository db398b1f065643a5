package dev.warren.broker;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A binding of an exchange.
 *
 * @param target the name of the queue, or of the exchange, that it leads to
 * @param toExchange whether the target is an exchange
 * @param key the binding key
 * @param arguments its arguments, such as the headers a message is to have
 */
public record BrokerBinding(String target, boolean toExchange, String key, Map<String, @Nullable Object> arguments) {

}
