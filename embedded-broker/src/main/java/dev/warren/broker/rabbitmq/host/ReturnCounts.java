package dev.warren.broker.rabbitmq.host;

import java.util.Map;

import dev.warren.broker.rabbitmq.queue.QueuedMessage;
import dev.warren.broker.rabbitmq.wire.Dialect;
import dev.warren.broker.rabbitmq.wire.MessageProperties;
import dev.warren.broker.rabbitmq.wire.PropertyList;
import org.jspecify.annotations.Nullable;

/**
 * The headers in which a quorum queue tells how often a message came back.
 */
final class ReturnCounts {

	private static final String DELIVERY_COUNT = "x-delivery-count";

	private static final String ACQUIRED_COUNT = "x-acquired-count";

	private ReturnCounts() {
	}

	/**
	 * The properties to deliver a message with, or null for its own.
	 */
	static @Nullable PropertyList properties(QueuedMessage message, Dialect dialect) {
		if (message.returns() == 0 || !message.queue().arguments().quorum()) {
			return null;
		}
		MessageProperties properties = message.message().properties();
		Map<String, @Nullable Object> headers = properties.headers();
		if (!dialect.countsNacks()) {
			headers.put(ACQUIRED_COUNT, (long) message.returns());
		}
		if (message.failures() > 0) {
			headers.put(DELIVERY_COUNT, (long) message.failures());
		}
		properties.headers(headers);
		return properties;
	}

}
