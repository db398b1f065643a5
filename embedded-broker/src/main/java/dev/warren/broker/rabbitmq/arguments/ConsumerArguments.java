package dev.warren.broker.rabbitmq.arguments;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import dev.warren.broker.rabbitmq.wire.ArgumentTable;
import dev.warren.broker.rabbitmq.wire.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * The optional arguments of a consumer that mean something to the broker, checked.
 *
 * @param priority the higher gets messages first
 * @param timeout milliseconds in which a delivery is to be acknowledged, or null
 * @param shown all arguments, also those that mean nothing; none if they are long
 */
public record ConsumerArguments(int priority, @Nullable Long timeout, Map<String, @Nullable Object> shown) {

	private static final int LONGEST_SHOWN = 1024;

	private static final String PRIORITY = "x-priority";

	private static final String CANCEL_ON_FAILOVER = "x-cancel-on-ha-failover";

	/**
	 * Reads the arguments of somebody who is about to consume.
	 * @param subject the queue, as error texts have it
	 */
	public static ConsumerArguments of(Map<String, @Nullable Object> arguments, String subject, QueueArguments queue,
			Dialect dialect) {
		ArgumentReader reader = new ArgumentReader(arguments, subject);
		Set<String> known = names(queue.quorum(), dialect);
		Long priority = reader.number(PRIORITY, Long.MIN_VALUE, Long.MAX_VALUE);
		if (known.contains(CANCEL_ON_FAILOVER)) {
			reader.flag(CANCEL_ON_FAILOVER);
		}
		Long timeout = known.contains(QueueArguments.CONSUMER_TIMEOUT)
				? reader.number(QueueArguments.CONSUMER_TIMEOUT, 0, Long.MAX_VALUE) : null;
		Set<String> others = names(!queue.quorum(), dialect);
		others.addAll(dialect.streamConsumerArguments());
		others.removeAll(known);
		for (String name : arguments.keySet()) {
			if (others.contains(name)) {
				throw reader.notOfType(name, queue.quorum());
			}
		}
		return new ConsumerArguments(
				(priority != null) ? (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, priority)) : 0,
				timeout, (ArgumentTable.write(arguments).length <= LONGEST_SHOWN) ? arguments : Map.of());
	}

	/**
	 * Whether the newest version refuses them.
	 */
	public static boolean areRefusedLater(Map<String, @Nullable Object> arguments, String subject,
			QueueArguments queue) {
		return QueueArguments.isRefused(() -> of(arguments, subject, queue, Dialect.newest()));
	}

	private static Set<String> names(boolean quorum, Dialect dialect) {
		Set<String> names = new HashSet<>(Set.of(PRIORITY));
		if (dialect.hasMirroredQueues()) {
			names.add("x-credit");
			if (!quorum) {
				names.add(CANCEL_ON_FAILOVER);
			}
		}
		if (quorum && dialect.knowsArgumentsOf43()) {
			names.add(QueueArguments.CONSUMER_TIMEOUT);
		}
		return names;
	}

}
