package dev.warren.broker.rabbitmq.arguments;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.warren.broker.rabbitmq.store.Message;
import dev.warren.broker.rabbitmq.store.QueueDefinition;
import dev.warren.broker.rabbitmq.upgrade.Change;
import dev.warren.broker.rabbitmq.wire.Delay;
import dev.warren.broker.rabbitmq.wire.Dialect;
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
 * @param consumerTimeout milliseconds in which its deliveries are to be acknowledged,
 * {@link Long#MAX_VALUE} for any time, or null
 * @param delaying whether it is no client's queue but one of delayed messages, which
 * leave it when they are due, for its dead letter exchange
 * @param delayedRetry how long it keeps what came back, or null
 * @see <a href="https://www.rabbitmq.com/docs/queues#optional-arguments">Optional
 * arguments</a>
 */
public record QueueArguments(@Nullable Long messageTtl, @Nullable Long expires, @Nullable Long maxLength,
		@Nullable Long maxLengthBytes, Overflow overflow, @Nullable String deadLetterExchange,
		@Nullable String deadLetterRoutingKey, int maxPriority, boolean singleActiveConsumer,
		@Nullable Integer deliveryLimit, boolean quorum, @Nullable Long consumerTimeout, boolean delaying,
		@Nullable DelayedRetry delayedRetry) {

	static final String MESSAGE_TTL = "x-message-ttl";

	static final String EXPIRES = "x-expires";

	static final String MAX_LENGTH = "x-max-length";

	static final String MAX_LENGTH_BYTES = "x-max-length-bytes";

	static final String OVERFLOW = "x-overflow";

	public static final String DEAD_LETTER_EXCHANGE = "x-dead-letter-exchange";

	static final String DEAD_LETTER_ROUTING_KEY = "x-dead-letter-routing-key";

	static final String MAX_PRIORITY = "x-max-priority";

	static final String SINGLE_ACTIVE_CONSUMER = "x-single-active-consumer";

	static final String DELIVERY_LIMIT = "x-delivery-limit";

	public static final String QUEUE_TYPE = "x-queue-type";

	static final String QUEUE_MODE = "x-queue-mode";

	static final String LEADER_LOCATOR = "x-queue-leader-locator";

	static final String MASTER_LOCATOR = "x-queue-master-locator";

	static final String CONSUMER_TIMEOUT = "x-consumer-timeout";

	static final String DISCONNECTED_TIMEOUT = "x-consumer-disconnected-timeout";

	/** What a message without a priority has in a quorum queue. */
	private static final int QUORUM_DEFAULT_PRIORITY = 4;

	private static final int LONGEST_ROUTING_KEY = 255;

	/** The delivery limit of a queue that has none. */
	static final int UNLIMITED = -1;

	/**
	 * Reads the arguments of a queue that is about to be declared.
	 * @throws ProtocolException naming the argument that has no valid value
	 */
	public static QueueArguments of(QueueDefinition queue, String virtualHost, Dialect dialect) {
		return new QueueArgumentsReader(queue, virtualHost, dialect).readDeclared();
	}

	/**
	 * Reads the arguments of a queue that was declared before, of whatever version the
	 * broker was then.
	 * @throws ProtocolException if no version would have taken them
	 */
	public static QueueArguments ofStored(QueueDefinition queue, String virtualHost, Dialect dialect) {
		return new QueueArgumentsReader(queue, virtualHost, dialect).read();
	}

	/**
	 * The arguments that a redeclaration of a queue with these must repeat.
	 */
	public List<String> compared(Dialect dialect) {
		return QueueArgumentsReader.names(this.quorum, dialect);
	}

	/**
	 * A quorum queue is deleted whatever it has.
	 * @throws ProtocolException if there is a condition
	 */
	public void checkDelete(String subject, boolean ifUnused, boolean ifEmpty) {
		if (this.quorum && (ifUnused || ifEmpty)) {
			throw ReplyCode.NOT_IMPLEMENTED.error(
					"cannot delete %s. queue.delete operations with %s flag set are not supported by quorum queues",
					subject, ifUnused ? "if-unused" : "if-empty");
		}
	}

	/**
	 * Nobody gets from a quorum queue with a single active consumer.
	 * @throws ProtocolException if it is one
	 */
	public void checkGet(String subject, Dialect dialect) {
		if (this.quorum && this.singleActiveConsumer) {
			throw ReplyCode.RESOURCE_LOCKED.error(
					"cannot obtain access to locked %s. basic.get operations are not"
							+ " supported by %s queues with single active consumer",
					subject, dialect.nameOfQuorumQueues());
		}
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
	public int priority(Message message) {
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
	public boolean hasHighAndNormal() {
		return this.quorum && this.maxPriority == 1;
	}

	/**
	 * When a message that arrived then expires, {@link Long#MAX_VALUE} for never.
	 */
	public long expiry(Message message, long arrival) {
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
	 * What in the definition of the queue with these arguments later versions refuse or
	 * treat differently.
	 */
	public Set<Change> changes(QueueDefinition queue, String virtualHost) {
		Set<Change> changes = EnumSet.noneOf(Change.class);
		Map<String, ?> arguments = queue.arguments();
		if (arguments.containsKey(QUEUE_MODE)) {
			changes.add(Change.QUEUE_MODE);
		}
		if (this.quorum && !arguments.containsKey(DELIVERY_LIMIT)) {
			changes.add(Change.QUORUM_QUEUE_WITHOUT_DELIVERY_LIMIT);
		}
		if (arguments.containsKey(MASTER_LOCATOR)) {
			changes.add(Change.QUEUE_MASTER_LOCATOR);
		}
		else if (isRefused(() -> of(queue, virtualHost, Dialect.newest()))) {
			changes.add(Change.REFUSED_ARGUMENT);
		}
		return changes;
	}

	static boolean isRefused(Runnable check) {
		try {
			check.run();
			return false;
		}
		catch (ProtocolException ex) {
			return true;
		}
	}

	/**
	 * Whether a message came back to the queue more often than it may.
	 */
	public boolean exceedsDeliveryLimit(int failures, Dialect dialect) {
		int defaultLimit = this.quorum ? dialect.quorumDeliveryLimit() : UNLIMITED;
		int limit = (this.deliveryLimit != null) ? this.deliveryLimit : defaultLimit;
		return limit != UNLIMITED && failures > limit;
	}

	/**
	 * The milliseconds in which its deliveries are to be acknowledged,
	 * {@link Long#MAX_VALUE} for any time.
	 * @param brokersTimeout those of queues that do not say so themselves
	 */
	public long consumerTimeout(long brokersTimeout, Dialect dialect) {
		if (!this.quorum && dialect.takesBackFromLateConsumers()) {
			return Long.MAX_VALUE;
		}
		return (this.consumerTimeout != null) ? this.consumerTimeout : brokersTimeout;
	}

	/**
	 * What happens to a message for which there is no room.
	 */
	public enum Overflow {

		DROP_HEAD("drop-head"),

		REJECT_PUBLISH("reject-publish"),

		REJECT_PUBLISH_DLX("reject-publish-dlx");

		final String value;

		Overflow(String value) {
			this.value = value;
		}

		public boolean rejects() {
			return this != DROP_HEAD;
		}

	}

}
