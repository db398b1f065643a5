package dev.warren.broker.rabbitmq.definitions;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Something that was defined.
 */
public interface Definition {

	/**
	 * What no other of its kind has.
	 */
	String key();

	/**
	 * How it stands in RabbitMQ's definitions, by the names that it has there.
	 */
	Map<String, @Nullable Object> toMap();

	/**
	 * The key of what several names make up.
	 */
	static String key(String... names) {
		return String.join("\0", names);
	}

}
