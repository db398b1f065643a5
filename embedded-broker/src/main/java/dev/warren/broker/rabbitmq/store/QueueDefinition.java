package dev.warren.broker.rabbitmq.store;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a client declared a queue to be.
 *
 * @param durable whether it outlives the broker
 * @param exclusive whether it belongs to the connection that declared it, and goes with
 * it
 * @param autoDelete whether it goes with its last consumer
 * @param arguments the optional arguments, as declared
 */
public record QueueDefinition(String name, boolean durable, boolean exclusive, boolean autoDelete,
		Map<String, @Nullable Object> arguments) {

}
