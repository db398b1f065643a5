package dev.warren.broker.rabbitmq.arguments;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

import dev.warren.broker.rabbitmq.store.QueueDefinition;
import dev.warren.broker.rabbitmq.wire.ArgumentTable;
import dev.warren.broker.rabbitmq.wire.Dialect;
import dev.warren.broker.rabbitmq.wire.Names;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import org.jspecify.annotations.Nullable;

/**
 * Reads the arguments of a queue, and checks those of one that is about to be declared.
 */
final class QueueArgumentsReader extends ArgumentReader {

	private static final String FILTER_SIZE = "x-stream-filter-size-bytes";

	/** Those that a classic queue has no use for, so that it does not take them. */
	private static final List<String> NOT_OF_CLASSIC_QUEUES = List.of("x-max-age", "x-stream-max-segment-size-bytes",
			FILTER_SIZE, QueueArguments.CONSUMER_TIMEOUT, QueueArguments.DISCONNECTED_TIMEOUT, "x-initial-cluster-size",
			QueueArguments.DELIVERY_LIMIT, "x-quorum-initial-group-size", "x-quorum-target-group-size",
			QueueArguments.LEADER_LOCATOR, "x-dead-letter-strategy");

	private static final List<String> NOT_OF_QUORUM_QUEUES = List.of("x-max-age", "x-stream-max-segment-size-bytes",
			FILTER_SIZE, "x-initial-cluster-size", QueueArguments.MAX_PRIORITY, QueueArguments.QUEUE_MODE,
			QueueArguments.MASTER_LOCATOR, "x-queue-version");

	private static final Set<String> LEADER_LOCATORS = Set.of("client-local", "balanced", "random", "least-leaders");

	private static final int HIGHEST_PRIORITY = 255;

	/** Milliseconds beyond which Erlang's timers do not count. */
	private static final long LONGEST_TIME = 315_360_000_000L;

	private final Dialect dialect;

	private final QueueDefinition queue;

	QueueArgumentsReader(QueueDefinition queue, String virtualHost, Dialect dialect) {
		super(new LinkedHashMap<>(queue.arguments()), Names.queue(queue.name(), virtualHost));
		this.dialect = dialect;
		this.queue = queue;
	}

	/**
	 * Reads what a client declares.
	 */
	QueueArguments readDeclared() {
		checkArgumentsOfOthers(readType());
		if (this.dialect.hasQueueModes()) {
			checkMode();
		}
		checkMasterLocator();
		checkLeaderLocator();
		QueueArguments arguments = read();
		if (this.dialect.knowsArgumentsOf43()) {
			number(QueueArguments.DISCONNECTED_TIMEOUT, 0, Long.MAX_VALUE);
			number(QueueArguments.CONSUMER_TIMEOUT, 0, Long.MAX_VALUE);
		}
		return arguments;
	}

	/**
	 * Reads what is there already. It may have been declared when another version was
	 * played, which took what this one refuses.
	 */
	QueueArguments read() {
		boolean quorum = readType();
		Long expires = number(QueueArguments.EXPIRES, 1, LONGEST_TIME);
		Long messageTtl = number(QueueArguments.MESSAGE_TTL, 0, LONGEST_TIME);
		String deadLetterExchange = text(QueueArguments.DEAD_LETTER_EXCHANGE);
		String deadLetterRoutingKey = text(QueueArguments.DEAD_LETTER_ROUTING_KEY);
		if (deadLetterRoutingKey != null && deadLetterExchange == null) {
			throw invalid(QueueArguments.DEAD_LETTER_ROUTING_KEY, "routing_key_but_no_dlx_defined");
		}
		Long maxLength = number(QueueArguments.MAX_LENGTH, 0, Long.MAX_VALUE);
		Long maxLengthBytes = number(QueueArguments.MAX_LENGTH_BYTES, 0, Long.MAX_VALUE);
		boolean singleActiveConsumer = flag(QueueArguments.SINGLE_ACTIVE_CONSUMER);
		Long deliveryLimit = number(QueueArguments.DELIVERY_LIMIT, QueueArguments.UNLIMITED, Integer.MAX_VALUE);
		return new QueueArguments(messageTtl, expires, maxLength, maxLengthBytes, readOverflow(), deadLetterExchange,
				deadLetterRoutingKey, highestPriority(quorum), singleActiveConsumer,
				(deliveryLimit != null) ? Integer.valueOf(deliveryLimit.intValue()) : null, quorum,
				readConsumerTimeout(), this.queue.isDelayQueue());
	}

	private @Nullable Long readConsumerTimeout() {
		if (!this.dialect.hasTimeoutsOfQueues() || !has(QueueArguments.CONSUMER_TIMEOUT)) {
			return null;
		}
		// Not checked before 4.3, and of no use if it is something else.
		Object value = value(QueueArguments.CONSUMER_TIMEOUT);
		return (ArgumentTable.isInteger(value) && value instanceof Number number) ? number.longValue() : Long.MAX_VALUE;
	}

	private int highestPriority(boolean quorum) {
		Long maxPriority = number(QueueArguments.MAX_PRIORITY, 0, HIGHEST_PRIORITY);
		if (quorum) {
			return this.dialect.quorumPriorities() - 1;
		}
		return (maxPriority != null) ? maxPriority.intValue() : 0;
	}

	private boolean readType() {
		String type = text(QueueArguments.QUEUE_TYPE);
		if (type == null || type.equals("classic")) {
			return false;
		}
		if (!type.equals("quorum")) {
			throw invalid(QueueArguments.QUEUE_TYPE, "\"unsupported queue type '" + type + "'\"");
		}
		if (!this.queue.durable()) {
			throw invalidProperty("non-durable");
		}
		if (this.queue.exclusive()) {
			throw invalidProperty("exclusive-owner");
		}
		if (this.queue.autoDelete()) {
			throw invalidProperty("auto-delete");
		}
		return true;
	}

	private void checkArgumentsOfOthers(boolean quorum) {
		for (String argument : quorum ? NOT_OF_QUORUM_QUEUES : NOT_OF_CLASSIC_QUEUES) {
			if (has(argument) && !isAccepted(argument)) {
				throw notOfType(argument, quorum);
			}
		}
	}

	private boolean isAccepted(String argument) {
		return switch (argument) {
			case QueueArguments.LEADER_LOCATOR -> this.dialect.placesClassicQueues();
			case FILTER_SIZE, QueueArguments.CONSUMER_TIMEOUT, QueueArguments.DISCONNECTED_TIMEOUT ->
				!this.dialect.knowsArgumentsOf43();
			default -> false;
		};
	}

	private void checkLeaderLocator() {
		String locator = text(QueueArguments.LEADER_LOCATOR);
		if (locator != null && !LEADER_LOCATORS.contains(locator)) {
			throw invalid(QueueArguments.LEADER_LOCATOR, "invalid_queue_locator_arg");
		}
	}

	private void checkMasterLocator() {
		if (this.dialect.refusesMasterLocator() && has(QueueArguments.MASTER_LOCATOR)) {
			throw ReplyCode.INTERNAL_ERROR.connectionError("Feature `queue_master_locator` is deprecated.\n"
					+ "By default, this feature is not permitted anymore.");
		}
	}

	/** Lazy or not, messages are kept the same way here. */
	private void checkMode() {
		String mode = text(QueueArguments.QUEUE_MODE);
		if (mode != null && !mode.equals("default") && !mode.equals("lazy")) {
			throw invalid(QueueArguments.QUEUE_MODE, "\"unsupported queue mode '" + mode + "'\"");
		}
	}

	private QueueArguments.Overflow readOverflow() {
		String value = text(QueueArguments.OVERFLOW);
		if (value == null) {
			return QueueArguments.Overflow.DROP_HEAD;
		}
		for (QueueArguments.Overflow overflow : QueueArguments.Overflow.values()) {
			if (overflow.value.equals(value)) {
				return overflow;
			}
		}
		throw invalid(QueueArguments.OVERFLOW, "invalid_overflow");
	}

}
