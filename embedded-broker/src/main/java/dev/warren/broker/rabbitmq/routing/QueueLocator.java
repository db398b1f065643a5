package dev.warren.broker.rabbitmq.routing;

import java.util.Collection;

import dev.warren.broker.rabbitmq.store.ExchangeDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Finds queues, and makes those of delayed exchanges.
 */
public interface QueueLocator {

	/**
	 * The queue of that name, or null.
	 */
	@Nullable RoutingTarget queue(String name);

	/**
	 * The names of all queues that clients know.
	 */
	Collection<String> names();

	/**
	 * The queue in which the messages of a delayed exchange wait, which is made if it is
	 * not there. It has no name that clients know.
	 */
	RoutingTarget delayQueue(ExchangeDefinition exchange);

	/**
	 * Deletes that queue, with all messages in it.
	 */
	void deleteDelayQueue(ExchangeDefinition exchange);

}
