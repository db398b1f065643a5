package dev.warren.broker.rabbitmq.arguments;

import java.util.Map;

import dev.warren.broker.rabbitmq.wire.ArgumentTable;
import dev.warren.broker.rabbitmq.wire.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * The optional arguments of a consumer that mean something to the broker, checked.
 *
 * @param priority the higher gets messages first
 * @param timeout milliseconds in which a delivery is to be acknowledged, or null
 */
public record ConsumerArguments(int priority, @Nullable Long timeout) {

	private static final String PRIORITY = "x-priority";

	/**
	 * Reads the arguments of somebody who is about to consume.
	 * @param subject the queue, as error texts have it
	 */
	public static ConsumerArguments of(Map<String, @Nullable Object> arguments, String subject, QueueArguments queue,
			Dialect dialect) {
		ArgumentReader reader = new ArgumentReader(arguments, subject);
		int priority = priority(reader);
		if (!dialect.knowsArgumentsOf43() || !reader.has(QueueArguments.CONSUMER_TIMEOUT)) {
			return new ConsumerArguments(priority, null);
		}
		if (!queue.quorum()) {
			throw reader.notOfType(QueueArguments.CONSUMER_TIMEOUT, false);
		}
		return new ConsumerArguments(priority, reader.number(QueueArguments.CONSUMER_TIMEOUT, 0, Long.MAX_VALUE));
	}

	private static int priority(ArgumentReader reader) {
		if (!reader.has(PRIORITY)) {
			return 0;
		}
		if (!ArgumentTable.isInteger(reader.value(PRIORITY)) || !(reader.value(PRIORITY) instanceof Number number)) {
			throw reader.unacceptableType(PRIORITY);
		}
		return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, number.longValue()));
	}

}
