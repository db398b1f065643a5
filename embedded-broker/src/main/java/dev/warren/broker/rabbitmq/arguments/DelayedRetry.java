package dev.warren.broker.rabbitmq.arguments;

import java.util.Map;

import dev.warren.broker.rabbitmq.wire.ArgumentTable;
import org.jspecify.annotations.Nullable;

/**
 * How long a quorum queue keeps what came back before it delivers it again.
 *
 * @param failed whether it keeps what a client failed with
 * @param returned whether it keeps what a client only gave back
 * @param least the milliseconds after the first failure, which are multiplied by the
 * number of failures
 * @param most the most milliseconds
 * @see <a href="https://www.rabbitmq.com/docs/quorum-queues#delayed-retry">Delayed
 * Retry</a>
 */
public record DelayedRetry(boolean failed, boolean returned, long least, long most) {

	static final String TYPE = "x-delayed-retry-type";

	static final String MIN = "x-delayed-retry-min";

	static final String MAX = "x-delayed-retry-max";

	/**
	 * What the arguments say. As in RabbitMQ, what makes no sense is as if it were not
	 * there; without a longest time, it does not grow.
	 */
	static DelayedRetry of(Map<String, ? extends @Nullable Object> arguments) {
		Object type = arguments.get(TYPE);
		boolean all = "all".equals(type);
		long least = number(arguments.get(MIN), 0);
		return new DelayedRetry(all || "failed".equals(type), all || "returned".equals(type), least,
				number(arguments.get(MAX), least));
	}

	private static long number(@Nullable Object value, long without) {
		return (ArgumentTable.isInteger(value) && value instanceof Number number) ? Math.max(0, number.longValue())
				: without;
	}

	/**
	 * How many milliseconds to keep a message that came back, 0 for none.
	 * @param now whether a client failed with it now
	 * @param failures how often one did
	 */
	public long delay(boolean now, int failures) {
		if (!(now ? this.failed : this.returned)) {
			return 0;
		}
		long times = Math.max(1, failures);
		return (this.least > this.most / times) ? this.most : this.least * times;
	}

}
