package dev.warren.broker.rabbitmq.queue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.warren.broker.rabbitmq.store.Message;
import dev.warren.broker.rabbitmq.store.QueueDefinition;
import dev.warren.broker.rabbitmq.wire.ArgumentTable;
import dev.warren.broker.rabbitmq.wire.Delay;
import dev.warren.broker.rabbitmq.wire.Dialect;
import dev.warren.broker.rabbitmq.wire.Names;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import dev.warren.broker.rabbitmq.wire.Wire;
import org.jspecify.annotations.Nullable;

/**
 * The optional arguments of a queue that mean something to the broker, checked.
 *
 * @param messageTtl milliseconds a message lives in the queue, or null
 * @param expires milliseconds the queue lives unused, or null
 * @param maxLength how many ready messages the queue holds, or null
 * @param maxLengthBytes how many bytes of ready bodies the queue holds, or null
 * @param overflow what happens when it is full
 * @param maxPriority the highest priority it knows, 0 for a queue without priorities
 * @param deliveryLimit how often a message may be returned to the queue, -1 for any
 * number, or null
 * @param delaying whether it is no client's queue but one of delayed messages, which
 * leave it when they are due, for its dead letter exchange
 * @see <a href="https://www.rabbitmq.com/docs/queues#optional-arguments">Optional
 * arguments</a>
 */
public record QueueArguments(@Nullable Long messageTtl, @Nullable Long expires, @Nullable Long maxLength,
		@Nullable Long maxLengthBytes, Overflow overflow, @Nullable String deadLetterExchange,
		@Nullable String deadLetterRoutingKey, int maxPriority, boolean singleActiveConsumer,
		@Nullable Integer deliveryLimit, boolean quorum, boolean delaying) {

	static final String MESSAGE_TTL = "x-message-ttl";

	static final String EXPIRES = "x-expires";

	static final String MAX_LENGTH = "x-max-length";

	static final String MAX_LENGTH_BYTES = "x-max-length-bytes";

	static final String OVERFLOW = "x-overflow";

	static final String DEAD_LETTER_EXCHANGE = "x-dead-letter-exchange";

	static final String DEAD_LETTER_ROUTING_KEY = "x-dead-letter-routing-key";

	static final String MAX_PRIORITY = "x-max-priority";

	static final String SINGLE_ACTIVE_CONSUMER = "x-single-active-consumer";

	static final String DELIVERY_LIMIT = "x-delivery-limit";

	public static final String QUEUE_TYPE = "x-queue-type";

	static final String QUEUE_MODE = "x-queue-mode";

	static final String LEADER_LOCATOR = "x-queue-leader-locator";

	private static final String MASTER_LOCATOR = "x-queue-master-locator";

	private static final String FILTER_SIZE = "x-stream-filter-size-bytes";

	private static final String CONSUMER_TIMEOUT = "x-consumer-timeout";

	private static final String DISCONNECTED_TIMEOUT = "x-consumer-disconnected-timeout";

	/** The arguments that a redeclaration must repeat. */
	public static final Set<String> COMPARED = Set.of(MESSAGE_TTL, EXPIRES, MAX_LENGTH, MAX_LENGTH_BYTES, OVERFLOW,
			DEAD_LETTER_EXCHANGE, DEAD_LETTER_ROUTING_KEY, MAX_PRIORITY, SINGLE_ACTIVE_CONSUMER, DELIVERY_LIMIT,
			QUEUE_TYPE, QUEUE_MODE, "x-queue-version", MASTER_LOCATOR, LEADER_LOCATOR, "x-max-in-memory-length",
			"x-max-in-memory-bytes", "x-quorum-initial-group-size", "x-max-age", "x-stream-max-segment-size-bytes",
			"x-initial-cluster-size", "x-dead-letter-strategy");

	/** Those that a classic queue has no use for, so that it does not take them. */
	private static final List<String> NOT_OF_CLASSIC_QUEUES = List.of("x-max-age", "x-stream-max-segment-size-bytes",
			FILTER_SIZE, CONSUMER_TIMEOUT, DISCONNECTED_TIMEOUT, "x-initial-cluster-size", DELIVERY_LIMIT,
			"x-quorum-initial-group-size", "x-quorum-target-group-size", LEADER_LOCATOR, "x-dead-letter-strategy");

	private static final List<String> NOT_OF_QUORUM_QUEUES = List.of("x-max-age", "x-stream-max-segment-size-bytes",
			FILTER_SIZE, "x-initial-cluster-size", MAX_PRIORITY, QUEUE_MODE, MASTER_LOCATOR, "x-queue-version");

	private static final Set<String> LEADER_LOCATORS = Set.of("client-local", "balanced", "random", "least-leaders");

	private static final int HIGHEST_PRIORITY = 255;

	/** What a message without a priority has in a quorum queue. */
	private static final int QUORUM_DEFAULT_PRIORITY = 4;

	private static final int LONGEST_ROUTING_KEY = 255;

	/** The delivery limit of a queue that has none. */
	private static final int UNLIMITED = -1;

	/** Milliseconds beyond which Erlang's timers do not count. */
	private static final long LONGEST_TIME = 315_360_000_000L;

	/**
	 * Reads the arguments of a queue that is about to be declared.
	 * @throws ProtocolException naming the argument that has no valid value
	 */
	public static QueueArguments of(QueueDefinition queue, String virtualHost, Dialect dialect) {
		return new Reader(queue, virtualHost, dialect).read();
	}

	/**
	 * A routing key has at most 255 bytes. RabbitMQ takes longer ones here, and drops the
	 * connection of whoever consumes the dead letter.
	 * @throws ProtocolException if it is longer
	 */
	public static void checkRoutingKey(@Nullable String key) {
		if (key != null && Wire.bytes(key).length > LONGEST_ROUTING_KEY) {
			throw ReplyCode.PRECONDITION_FAILED.error("'%s' is longer than %d bytes", DEAD_LETTER_ROUTING_KEY,
					LONGEST_ROUTING_KEY);
		}
	}

	/**
	 * The priority that a message has in the queue.
	 */
	int priority(Message message) {
		if (this.maxPriority == 0) {
			return 0;
		}
		if (hasHighAndNormal()) {
			return (message.priority(QUORUM_DEFAULT_PRIORITY) > QUORUM_DEFAULT_PRIORITY) ? 1 : 0;
		}
		return Math.min(message.priority(this.quorum ? QUORUM_DEFAULT_PRIORITY : 0), this.maxPriority);
	}

	/**
	 * Whether it has two priorities, of which the high one gets two turns of three.
	 */
	boolean hasHighAndNormal() {
		return this.quorum && this.maxPriority == 1;
	}

	/**
	 * When a message that arrived then expires, {@link Long#MAX_VALUE} for never.
	 */
	long expiry(Message message, long arrival) {
		if (this.delaying) {
			return arrival + Delay.of(message.headers());
		}
		long ttl = message.expiration();
		if (this.messageTtl != null) {
			ttl = (ttl < 0) ? this.messageTtl : Math.min(ttl, this.messageTtl);
		}
		return (ttl < 0) ? Long.MAX_VALUE : arrival + ttl;
	}

	/**
	 * Whether a message came back to the queue more often than it may.
	 */
	boolean exceedsDeliveryLimit(int failures, Dialect dialect) {
		int defaultLimit = this.quorum ? dialect.quorumDeliveryLimit() : UNLIMITED;
		int limit = (this.deliveryLimit != null) ? this.deliveryLimit : defaultLimit;
		return limit != UNLIMITED && failures > limit;
	}

	/**
	 * What happens to a message for which there is no room.
	 */
	public enum Overflow {

		DROP_HEAD("drop-head"),

		REJECT_PUBLISH("reject-publish"),

		REJECT_PUBLISH_DLX("reject-publish-dlx");

		private final String value;

		Overflow(String value) {
			this.value = value;
		}

		public boolean rejects() {
			return this != DROP_HEAD;
		}

	}

	private static final class Reader {

		private final Dialect dialect;

		private final QueueDefinition queue;

		private final String virtualHost;

		private final Map<String, @Nullable Object> arguments;

		Reader(QueueDefinition queue, String virtualHost, Dialect dialect) {
			this.dialect = dialect;
			this.queue = queue;
			this.virtualHost = virtualHost;
			this.arguments = new LinkedHashMap<>(queue.arguments());
		}

		QueueArguments read() {
			boolean quorum = readType();
			checkArgumentsOfOthers(quorum);
			if (this.dialect.hasQueueModes()) {
				checkMode();
			}
			checkMasterLocator();
			checkLeaderLocator();
			Long expires = readNumber(EXPIRES, 1, LONGEST_TIME);
			Long messageTtl = readNumber(MESSAGE_TTL, 0, LONGEST_TIME);
			String deadLetterExchange = readText(DEAD_LETTER_EXCHANGE);
			String deadLetterRoutingKey = readText(DEAD_LETTER_ROUTING_KEY);
			if (deadLetterRoutingKey != null && deadLetterExchange == null) {
				throw invalid(DEAD_LETTER_ROUTING_KEY, "routing_key_but_no_dlx_defined");
			}
			Long maxLength = readNumber(MAX_LENGTH, 0, Long.MAX_VALUE);
			Long maxLengthBytes = readNumber(MAX_LENGTH_BYTES, 0, Long.MAX_VALUE);
			boolean singleActiveConsumer = readFlag(SINGLE_ACTIVE_CONSUMER);
			Long deliveryLimit = readNumber(DELIVERY_LIMIT, UNLIMITED, Integer.MAX_VALUE);
			return new QueueArguments(messageTtl, expires, maxLength, maxLengthBytes, readOverflow(),
					deadLetterExchange, deadLetterRoutingKey, highestPriority(quorum), singleActiveConsumer,
					(deliveryLimit != null) ? Integer.valueOf(deliveryLimit.intValue()) : null, quorum,
					this.queue.isDelayQueue());
		}

		private int highestPriority(boolean quorum) {
			Long maxPriority = readNumber(MAX_PRIORITY, 0, HIGHEST_PRIORITY);
			if (quorum) {
				return this.dialect.quorumPriorities() - 1;
			}
			return (maxPriority != null) ? maxPriority.intValue() : 0;
		}

		private boolean readType() {
			String type = readText(QUEUE_TYPE);
			if (type == null || type.equals("classic")) {
				return false;
			}
			if (type.equals("stream")) {
				throw ReplyCode.NOT_IMPLEMENTED.error("queue type 'stream' is not supported");
			}
			if (!type.equals("quorum")) {
				throw invalid(QUEUE_TYPE, "\"unsupported queue type '" + type + "'\"");
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
				if (this.arguments.containsKey(argument) && !isAccepted(argument)) {
					throw ReplyCode.PRECONDITION_FAILED.error("invalid arg '%s' for %s of queue type %s", argument,
							name(), quorum ? "rabbit_quorum_queue" : "rabbit_classic_queue");
				}
			}
		}

		private boolean isAccepted(String argument) {
			return switch (argument) {
				case LEADER_LOCATOR -> this.dialect.placesClassicQueues();
				case FILTER_SIZE, CONSUMER_TIMEOUT, DISCONNECTED_TIMEOUT -> !this.dialect.knowsArgumentsOf43();
				default -> false;
			};
		}

		private void checkLeaderLocator() {
			String locator = readText(LEADER_LOCATOR);
			if (locator != null && !LEADER_LOCATORS.contains(locator)) {
				throw invalid(LEADER_LOCATOR, "invalid_queue_locator_arg");
			}
		}

		private void checkMasterLocator() {
			if (this.dialect.refusesMasterLocator() && this.arguments.containsKey(MASTER_LOCATOR)) {
				throw ReplyCode.INTERNAL_ERROR.connectionError("Feature `queue_master_locator` is deprecated.\n"
						+ "By default, this feature is not permitted anymore.");
			}
		}

		/** Lazy or not, messages are kept the same way here. */
		private void checkMode() {
			String mode = readText(QUEUE_MODE);
			if (mode != null && !mode.equals("default") && !mode.equals("lazy")) {
				throw invalid(QUEUE_MODE, "\"unsupported queue mode '" + mode + "'\"");
			}
		}

		private Overflow readOverflow() {
			String value = readText(OVERFLOW);
			if (value == null) {
				return Overflow.DROP_HEAD;
			}
			for (Overflow overflow : Overflow.values()) {
				if (overflow.value.equals(value)) {
					return overflow;
				}
			}
			throw invalid(OVERFLOW, "invalid_overflow");
		}

		private @Nullable Long readNumber(String name, long least, long most) {
			if (!this.arguments.containsKey(name)) {
				return null;
			}
			Object value = this.arguments.get(name);
			if (!ArgumentTable.isInteger(value)) {
				throw invalid(name, "\"expected integer, got " + ArgumentTable.typeName(value) + "\"");
			}
			long number = ((Number) Objects.requireNonNull(value)).longValue();
			if (number < 0 && number < least) {
				throw invalid(name, "{value_negative," + number + "}");
			}
			if (number < least) {
				throw invalid(name, "{value_zero," + number + "}");
			}
			if (number > most) {
				throw invalid(name, name.equals(MAX_PRIORITY) ? "{max_value_exceeded," + number + "}"
						: "{value_too_big," + number + "}");
			}
			return number;
		}

		private @Nullable String readText(String name) {
			if (!this.arguments.containsKey(name)) {
				return null;
			}
			if (!(this.arguments.get(name) instanceof String text)) {
				throw ReplyCode.PRECONDITION_FAILED.error("invalid type '%s' for arg '%s' in %s",
						ArgumentTable.typeName(this.arguments.get(name)), name, name());
			}
			return text;
		}

		private boolean readFlag(String name) {
			if (!this.arguments.containsKey(name)) {
				return false;
			}
			if (!(this.arguments.get(name) instanceof Boolean flag)) {
				throw invalid(name, "{unacceptable_type," + ArgumentTable.typeName(this.arguments.get(name)) + "}");
			}
			return flag;
		}

		private ProtocolException invalid(String argument, String reason) {
			return ReplyCode.PRECONDITION_FAILED.error("invalid arg '%s' for %s: %s", argument, name(), reason);
		}

		private ProtocolException invalidProperty(String property) {
			return ReplyCode.PRECONDITION_FAILED.error("invalid property '%s' for %s", property, name());
		}

		private String name() {
			return Names.queue(this.queue.name(), this.virtualHost);
		}

	}

}
