package dev.warren.broker.rabbitmq;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The types of exchange a client may declare.
 */
enum ExchangeType {

	DIRECT("direct", DirectRoutes::new),

	FANOUT("fanout", FanoutRoutes::new),

	TOPIC("topic", TopicRoutes::new),

	HEADERS("headers", HeadersRoutes::new);

	private final String wireName;

	private final Supplier<Routes> routes;

	ExchangeType(String wireName, Supplier<Routes> routes) {
		this.wireName = wireName;
		this.routes = routes;
	}

	static @Nullable ExchangeType of(String wireName) {
		for (ExchangeType type : values()) {
			if (type.wireName.equals(wireName)) {
				return type;
			}
		}
		return null;
	}

	String wireName() {
		return this.wireName;
	}

	Routes newRoutes() {
		return this.routes.get();
	}

}
