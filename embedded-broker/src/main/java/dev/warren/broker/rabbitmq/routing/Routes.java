package dev.warren.broker.rabbitmq.routing;

import dev.warren.broker.rabbitmq.store.ExchangeDefinition;
import dev.warren.broker.rabbitmq.wire.Dialect;

/**
 * The bindings of an exchange, arranged so that those a message matches are found fast.
 * Bindings come and go one at a time; messages are routed meanwhile, on any thread.
 */
interface Routes {

	static Routes of(ExchangeDefinition exchange, Dialect dialect) {
		return switch (exchange.routingType()) {
			case DIRECT -> new DirectRoutes();
			case FANOUT -> new FanoutRoutes();
			case TOPIC -> new TopicRoutes();
			case HEADERS -> new HeadersRoutes(dialect.comparesHeadersByType());
			case CONSISTENT_HASH -> new HashRoutes(exchange.arguments());
			case LOCAL_RANDOM -> new RandomRoutes();
			case DELAYED -> throw new IllegalArgumentException("An exchange that only delays");
		};
	}

	void add(Binding binding);

	void remove(Binding binding);

	/**
	 * Adds the targets of all bindings that match.
	 */
	void match(String routingKey, Routing<?> routing);

}
