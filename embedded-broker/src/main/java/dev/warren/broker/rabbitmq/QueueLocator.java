package dev.warren.broker.rabbitmq;

import org.jspecify.annotations.Nullable;

/**
 * Finds queues by name.
 */
@FunctionalInterface
interface QueueLocator {

	/**
	 * The queue of that name, or null.
	 */
	@Nullable RoutingTarget queue(String name);

}
