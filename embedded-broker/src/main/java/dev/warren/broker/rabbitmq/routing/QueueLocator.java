package dev.warren.broker.rabbitmq.routing;

import org.jspecify.annotations.Nullable;

/**
 * Finds queues by name.
 */
@FunctionalInterface
public interface QueueLocator {

	/**
	 * The queue of that name, or null.
	 */
	@Nullable RoutingTarget queue(String name);

}
