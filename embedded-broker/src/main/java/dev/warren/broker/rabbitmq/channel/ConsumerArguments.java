package dev.warren.broker.rabbitmq.channel;

import java.util.Map;

import dev.warren.broker.rabbitmq.wire.ArgumentTable;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of {@code basic.consume}.
 *
 * @see <a href="https://www.rabbitmq.com/docs/consumer-priority">Consumer priorities</a>
 */
final class ConsumerArguments {

	private static final String PRIORITY = "x-priority";

	private ConsumerArguments() {
	}

	/**
	 * The consumer's priority, 0 by default.
	 * @param queue the queue, as errors name it
	 */
	static int priority(Map<String, @Nullable Object> arguments, String queue) {
		if (!arguments.containsKey(PRIORITY)) {
			return 0;
		}
		Object value = arguments.get(PRIORITY);
		if (!ArgumentTable.isInteger(value) || !(value instanceof Number number)) {
			throw ReplyCode.PRECONDITION_FAILED.error("invalid arg '%s' for %s: {unacceptable_type,%s}", PRIORITY,
					queue, ArgumentTable.typeName(value));
		}
		return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, number.longValue()));
	}

}
