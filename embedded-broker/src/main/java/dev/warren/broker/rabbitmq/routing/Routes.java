package dev.warren.broker.rabbitmq.routing;

import dev.warren.broker.rabbitmq.store.ExchangeType;
import dev.warren.broker.rabbitmq.wire.Dialect;

/**
 * The bindings of an exchange, arranged so that those a message matches are found fast.
 * Bindings come and go one at a time; messages are routed meanwhile, on any thread.
 */
interface Routes {

	static Routes of(ExchangeType type, Dialect dialect) {
		return switch (type) {
			case DIRECT -> new DirectRoutes();
			case FANOUT -> new FanoutRoutes();
			case TOPIC -> new TopicRoutes();
			case HEADERS -> new HeadersRoutes(dialect.comparesHeadersByType());
		};
	}

	void add(Binding binding);

	void remove(Binding binding);

	/**
	 * Adds the targets of all bindings that match.
	 */
	void match(String routingKey, Routing<?> routing);

}
