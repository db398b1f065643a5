package dev.warren.broker.rabbitmq.arguments;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

import dev.warren.broker.rabbitmq.store.QueueDefinition;
import dev.warren.broker.rabbitmq.wire.ArgumentTable;
import dev.warren.broker.rabbitmq.wire.Dialect;
import dev.warren.broker.rabbitmq.wire.Expiration;
import dev.warren.broker.rabbitmq.wire.Names;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import org.jspecify.annotations.Nullable;

import static dev.warren.broker.rabbitmq.arguments.QueueArguments.CONSUMER_TIMEOUT;
import static dev.warren.broker.rabbitmq.arguments.QueueArguments.DEAD_LETTER_EXCHANGE;
import static dev.warren.broker.rabbitmq.arguments.QueueArguments.DEAD_LETTER_ROUTING_KEY;
import static dev.warren.broker.rabbitmq.arguments.QueueArguments.DELIVERY_LIMIT;
import static dev.warren.broker.rabbitmq.arguments.QueueArguments.DISCONNECTED_TIMEOUT;
import static dev.warren.broker.rabbitmq.arguments.QueueArguments.EXPIRES;
import static dev.warren.broker.rabbitmq.arguments.QueueArguments.LEADER_LOCATOR;
import static dev.warren.broker.rabbitmq.arguments.QueueArguments.MASTER_LOCATOR;
import static dev.warren.broker.rabbitmq.arguments.QueueArguments.MAX_LENGTH;
import static dev.warren.broker.rabbitmq.arguments.QueueArguments.MAX_LENGTH_BYTES;
import static dev.warren.broker.rabbitmq.arguments.QueueArguments.MAX_PRIORITY;
import static dev.warren.broker.rabbitmq.arguments.QueueArguments.MESSAGE_TTL;
import static dev.warren.broker.rabbitmq.arguments.QueueArguments.OVERFLOW;
import static dev.warren.broker.rabbitmq.arguments.QueueArguments.QUEUE_MODE;
import static dev.warren.broker.rabbitmq.arguments.QueueArguments.QUEUE_TYPE;
import static dev.warren.broker.rabbitmq.arguments.QueueArguments.SINGLE_ACTIVE_CONSUMER;
import static dev.warren.broker.rabbitmq.arguments.QueueArguments.UNLIMITED;

/**
 * Reads the arguments of a queue, and checks those of one that is about to be declared in
 * RabbitMQ's order: those that its type knows, then that it has none of another type's.
 */
final class QueueArgumentsReader extends ArgumentReader {

	private static final String STRATEGY = "x-dead-letter-strategy";

	private static final String MAX_IN_MEMORY_LENGTH = "x-max-in-memory-length";

	private static final String MAX_IN_MEMORY_BYTES = "x-max-in-memory-bytes";

	private static final String QUEUE_VERSION = "x-queue-version";

	private static final String INITIAL_GROUP_SIZE = "x-quorum-initial-group-size";

	private static final List<String> IN_ORDER_OF_CHECKS = List.of(EXPIRES, MESSAGE_TTL, DEAD_LETTER_ROUTING_KEY,
			STRATEGY, MAX_LENGTH, MAX_LENGTH_BYTES, MAX_IN_MEMORY_LENGTH, MAX_IN_MEMORY_BYTES, MAX_PRIORITY, OVERFLOW,
			QUEUE_MODE, QUEUE_VERSION, SINGLE_ACTIVE_CONSUMER, CONSUMER_TIMEOUT, DISCONNECTED_TIMEOUT,
			INITIAL_GROUP_SIZE, LEADER_LOCATOR);

	private static final List<String> OF_CLASSIC_QUEUES = List.of(EXPIRES, MESSAGE_TTL, DEAD_LETTER_EXCHANGE,
			DEAD_LETTER_ROUTING_KEY, MAX_LENGTH, MAX_LENGTH_BYTES, MAX_PRIORITY, OVERFLOW, QUEUE_MODE, QUEUE_VERSION,
			SINGLE_ACTIVE_CONSUMER, QUEUE_TYPE, MASTER_LOCATOR);

	private static final List<String> OF_QUORUM_QUEUES = List.of(DEAD_LETTER_EXCHANGE, DEAD_LETTER_ROUTING_KEY,
			STRATEGY, EXPIRES, MAX_LENGTH, MAX_LENGTH_BYTES, MAX_IN_MEMORY_LENGTH, MAX_IN_MEMORY_BYTES, OVERFLOW,
			SINGLE_ACTIVE_CONSUMER, QUEUE_TYPE, INITIAL_GROUP_SIZE, DELIVERY_LIMIT, MESSAGE_TTL, LEADER_LOCATOR);

	private static final List<String> OF_QUORUM_QUEUES_FROM_43 = List.of(DISCONNECTED_TIMEOUT, CONSUMER_TIMEOUT,
			DelayedRetry.TYPE, DelayedRetry.MIN, DelayedRetry.MAX);

	private static final List<String> OF_STREAMS = List.of("x-max-age", "x-stream-max-segment-size-bytes",
			"x-initial-cluster-size");

	private static final List<String> OF_STREAMS_FROM_43 = List.of("x-stream-filter-size-bytes");

	private static final Set<String> LEADER_LOCATORS = Set.of("client-local", "balanced", "random", "least-leaders");

	private static final Set<String> STRATEGIES = Set.of("at-most-once", "at-least-once");

	private static final int HIGHEST_PRIORITY = 255;

	private final Dialect dialect;

	private final QueueDefinition queue;

	QueueArgumentsReader(QueueDefinition queue, String virtualHost, Dialect dialect) {
		super(new LinkedHashMap<>(queue.arguments()), Names.queue(queue.name(), virtualHost));
		this.dialect = dialect;
		this.queue = queue;
	}

	/**
	 * The arguments that a type of queue knows.
	 */
	static List<String> names(boolean quorum, Dialect dialect) {
		List<String> names = new ArrayList<>(quorum ? OF_QUORUM_QUEUES : OF_CLASSIC_QUEUES);
		if (quorum && dialect.knowsArgumentsOf43()) {
			names.addAll(OF_QUORUM_QUEUES_FROM_43);
		}
		if (!quorum && dialect.placesClassicQueues()) {
			names.add(LEADER_LOCATOR);
		}
		return names;
	}

	/**
	 * Reads what a client declares.
	 */
	QueueArguments readDeclared() {
		text(DEAD_LETTER_EXCHANGE);
		boolean quorum = readType();
		List<String> names = names(quorum, this.dialect);
		IN_ORDER_OF_CHECKS.stream().filter((name) -> has(name) && names.contains(name)).forEach(this::check);
		checkArgumentsOfOthers(quorum, names);
		if (quorum) {
			checkProperties();
		}
		else if (this.dialect.refusesMasterLocator() && has(MASTER_LOCATOR)) {
			throw ReplyCode.INTERNAL_ERROR.connectionError("Feature `queue_master_locator` is deprecated.\n"
					+ "By default, this feature is not permitted anymore.\n"
					+ "The feature will be removed from a future major RabbitMQ version, regardless of the"
					+ " configuration; actual version to be determined.\n"
					+ "To continue using this feature when it is not permitted by default, set it.");
		}
		return read();
	}

	/**
	 * Reads what is there already. It may have been declared when another version was
	 * played, which took what this one refuses.
	 */
	QueueArguments read() {
		String deadLetterExchange = text(DEAD_LETTER_EXCHANGE);
		boolean quorum = readType();
		Long maxPriority = number(MAX_PRIORITY, 0, HIGHEST_PRIORITY);
		int highestPriority = (maxPriority != null) ? maxPriority.intValue() : 0;
		return new QueueArguments(number(MESSAGE_TTL, 0, Expiration.LONGEST), number(EXPIRES, 1, Expiration.LONGEST),
				number(MAX_LENGTH, 0, Long.MAX_VALUE), number(MAX_LENGTH_BYTES, 0, Long.MAX_VALUE), overflow(),
				deadLetterExchange, text(DEAD_LETTER_ROUTING_KEY),
				quorum ? this.dialect.quorumPriorities() - 1 : highestPriority, flag(SINGLE_ACTIVE_CONSUMER),
				deliveryLimit(), quorum, consumerTimeout(), this.queue.isDelayQueue(),
				(quorum && this.dialect.knowsArgumentsOf43()) ? DelayedRetry.of(this.queue.arguments()) : null);
	}

	private boolean readType() {
		Object type = value(QUEUE_TYPE);
		if (!has(QUEUE_TYPE) || "classic".equals(type) || isDefault(type)) {
			return false;
		}
		if (!(type instanceof String)) {
			throw unacceptableType(QUEUE_TYPE);
		}
		if (!type.equals("quorum")) {
			throw invalid(QUEUE_TYPE, "\"unsupported queue type '" + type + "'\"");
		}
		return true;
	}

	private boolean isDefault(@Nullable Object type) {
		return ("undefined".equals(type) && this.dialect.writesQueueType())
				|| ("".equals(type) && this.dialect.knowsArgumentsOf43());
	}

	private void check(String name) {
		switch (name) {
			case EXPIRES -> number(name, 1, Expiration.LONGEST);
			case MESSAGE_TTL -> number(name, 0, Expiration.LONGEST);
			case MAX_PRIORITY -> number(name, 0, HIGHEST_PRIORITY);
			case INITIAL_GROUP_SIZE -> number(name, 1, Long.MAX_VALUE);
			case QUEUE_VERSION -> checkVersion();
			case SINGLE_ACTIVE_CONSUMER -> flag(name);
			case DEAD_LETTER_ROUTING_KEY -> {
				word(name);
				if (!has(DEAD_LETTER_EXCHANGE)) {
					throw invalid(name, "routing_key_but_no_dlx_defined");
				}
			}
			case STRATEGY -> {
				if (!STRATEGIES.contains(word(name))) {
					throw invalid(name, "invalid_dlx_strategy");
				}
			}
			case OVERFLOW -> overflow();
			case QUEUE_MODE -> checkMode();
			case LEADER_LOCATOR -> {
				String locator = word(name);
				if (!LEADER_LOCATORS.contains(locator)
						&& !(locator.equals("min-masters") && this.dialect.placesClassicQueues())) {
					throw invalid(name, "invalid_queue_locator_arg");
				}
			}
			default -> number(name, 0, Long.MAX_VALUE);
		}
	}

	private String word(String name) {
		if (!(value(name) instanceof String text)) {
			throw unacceptableType(name);
		}
		return text;
	}

	/** Messages are kept the same way here in all versions. */
	private void checkVersion() {
		Long version = number(QUEUE_VERSION, 0, Long.MAX_VALUE);
		if (version != null && version != 2 && (version != 1 || !this.dialect.hasQueueModes())) {
			throw invalid(QUEUE_VERSION, "\"unsupported queue version '" + version + "'\"");
		}
	}

	/** Lazy or not, messages are kept the same way here. */
	private void checkMode() {
		if (this.dialect.hasQueueModes()) {
			String mode = word(QUEUE_MODE);
			if (!mode.equals("default") && !mode.equals("lazy")) {
				throw invalid(QUEUE_MODE, "\"unsupported queue mode '" + mode + "'\"");
			}
		}
	}

	private void checkArgumentsOfOthers(boolean quorum, List<String> names) {
		List<String> others = new ArrayList<>(names(!quorum, this.dialect));
		others.addAll(OF_STREAMS);
		if (this.dialect.knowsArgumentsOf43()) {
			others.addAll(OF_STREAMS_FROM_43);
		}
		others.add(LEADER_LOCATOR);
		others.removeAll(names);
		for (String name : this.queue.arguments().keySet()) {
			if (others.contains(name)) {
				throw notOfType(name, quorum);
			}
		}
	}

	private void checkProperties() {
		if (this.queue.autoDelete()) {
			throw invalidProperty("auto-delete");
		}
		if (this.queue.exclusive()) {
			throw invalidProperty("exclusive-owner");
		}
		if (!this.queue.durable()) {
			throw invalidProperty("non-durable");
		}
	}

	private QueueArguments.Overflow overflow() {
		if (!has(OVERFLOW)) {
			return QueueArguments.Overflow.DROP_HEAD;
		}
		String value = word(OVERFLOW);
		for (QueueArguments.Overflow overflow : QueueArguments.Overflow.values()) {
			if (overflow.value.equals(value)) {
				return overflow;
			}
		}
		throw invalid(OVERFLOW, "invalid_overflow");
	}

	/**
	 * Not checked, and of no use if it is something else than an integer.
	 */
	private @Nullable Integer deliveryLimit() {
		Long limit = integer(DELIVERY_LIMIT);
		return (limit != null) ? Integer.valueOf((int) Math.max(UNLIMITED, Math.min(limit, Integer.MAX_VALUE))) : null;
	}

	private @Nullable Long consumerTimeout() {
		if (!this.dialect.hasTimeoutsOfQueues() || !has(CONSUMER_TIMEOUT)) {
			return null;
		}
		Long timeout = integer(CONSUMER_TIMEOUT);
		return (timeout != null) ? timeout : Long.MAX_VALUE;
	}

	private @Nullable Long integer(String name) {
		Object value = value(name);
		return (ArgumentTable.isInteger(value) && value instanceof Number number) ? number.longValue() : null;
	}

}
