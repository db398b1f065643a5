package dev.warren.broker.rabbitmq.store;

import org.jspecify.annotations.Nullable;

/**
 * The types of exchange a client may declare.
 */
public enum ExchangeType {

	DIRECT("direct"),

	FANOUT("fanout"),

	TOPIC("topic"),

	HEADERS("headers"),

	CONSISTENT_HASH("x-consistent-hash"),

	LOCAL_RANDOM("x-local-random"),

	DELAYED("x-delayed-message");

	private final String wireName;

	ExchangeType(String wireName) {
		this.wireName = wireName;
	}

	public static @Nullable ExchangeType of(String wireName) {
		for (ExchangeType type : values()) {
			if (type.wireName.equals(wireName)) {
				return type;
			}
		}
		return null;
	}

	public String wireName() {
		return this.wireName;
	}

}
