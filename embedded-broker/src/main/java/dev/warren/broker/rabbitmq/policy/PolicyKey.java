package dev.warren.broker.rabbitmq.policy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dev.warren.broker.rabbitmq.wire.ArgumentTable;
import dev.warren.broker.rabbitmq.wire.Expiration;
import org.jspecify.annotations.Nullable;

/**
 * What a policy can set. Some of it means nothing to this broker, and is accepted as
 * RabbitMQ accepts it.
 */
enum PolicyKey {

	ALTERNATE_EXCHANGE("alternate-exchange", "valid alternate exchange name", String.class::isInstance),

	CONSUMER_DISCONNECTED_TIMEOUT("consumer-disconnected-timeout", "valid consumer disconnected timeout", atLeast(0)),

	CONSUMER_TIMEOUT("consumer-timeout", "valid consumer timeout", atLeast(0)),

	DEAD_LETTER_EXCHANGE("dead-letter-exchange", "valid dead letter exchange name", String.class::isInstance),

	DEAD_LETTER_ROUTING_KEY("dead-letter-routing-key", "valid dead letter routing key", String.class::isInstance),

	DEAD_LETTER_STRATEGY("dead-letter-strategy", "valid dead letter strategy", oneOf("at-most-once", "at-least-once")),

	DELAYED_RETRY_TYPE("delayed-retry-type",
			"valid delayed retry type. Must be one of: all, failed, returned, disabled",
			oneOf("all", "failed", "returned", "disabled")),

	DELAYED_RETRY_MIN("delayed-retry-min", "valid delayed retry minimum delay. Must be a positive integer", atLeast(1)),

	DELAYED_RETRY_MAX("delayed-retry-max", "valid delayed retry maximum delay. Must be a positive integer", atLeast(1)),

	DELIVERY_LIMIT("delivery-limit", "valid delivery limit", ArgumentTable::isInteger),

	EXPIRES("expires", "valid queue expiry", atLeast(1)),

	INITIAL_CLUSTER_SIZE("initial-cluster-size", "valid cluster size", atLeast(0)),

	MAX_AGE("max-age", "valid max age", (value) -> value instanceof String age && age.matches("[0-9]+[YMDhms]")),

	MAX_IN_MEMORY_BYTES("max-in-memory-bytes", "valid maximum memory in bytes", atLeast(0)),

	MAX_IN_MEMORY_LENGTH("max-in-memory-length", "valid maximum memory in bytes", atLeast(0)),

	MAX_LENGTH("max-length", "valid maximum length", atLeast(0)),

	MAX_LENGTH_BYTES("max-length-bytes", "valid maximum length in bytes", atLeast(0)),

	MEMBER_PLACEMENT_TAG("member-placement-tag", "valid member-placement-tag value. Must be a non-empty string",
			(value) -> value instanceof String tag && !tag.isEmpty()),

	MESSAGE_TTL("message-ttl", "valid message TTL", atLeast(0)),

	OVERFLOW("overflow", "valid overflow value", oneOf("drop-head", "reject-publish", "reject-publish-dlx")),

	QUEUE_LEADER_LOCATOR("queue-leader-locator", "valid queue leader locator value",
			oneOf("client-local", "balanced", "random", "least-leaders")),

	QUEUE_MODE("queue-mode", "valid queue-mode value", oneOf("default", "lazy")),

	QUEUE_VERSION("queue-version", "valid queue-version value", oneOf(1, 2)),

	STREAM_FILTER_SIZE_BYTES("stream-filter-size-bytes", "valid filter size. Valid range is 16-255",
			atLeast(16).and(atLeast(256).negate())),

	STREAM_MAX_SEGMENT_SIZE_BYTES("stream-max-segment-size-bytes", "valid segment size",
			atLeast(0).and(atLeast(3_000_000_001L).negate())),

	TARGET_GROUP_SIZE("target-group-size", "valid qq target count value", atLeast(1));

	/** What an operator can set. */
	static final Set<PolicyKey> OF_OPERATORS = EnumSet.of(DELAYED_RETRY_MAX, DELAYED_RETRY_MIN, DELAYED_RETRY_TYPE,
			DELIVERY_LIMIT, EXPIRES, MAX_IN_MEMORY_BYTES, MAX_IN_MEMORY_LENGTH, MAX_LENGTH, MAX_LENGTH_BYTES,
			MEMBER_PLACEMENT_TAG, MESSAGE_TTL, OVERFLOW, QUEUE_VERSION, TARGET_GROUP_SIZE);

	/** What a policy for mirrored classic queues sets, which RabbitMQ 4 does not know. */
	static final Set<String> OF_MIRRORED_QUEUES = Set.of("ha-mode", "ha-params", "ha-sync-mode", "ha-sync-batch-size",
			"ha-promote-on-shutdown", "ha-promote-on-failure", "queue-master-locator");

	private static final Set<String> NOT_OF_CLASSIC_QUEUES = names(
			EnumSet.of(MAX_AGE, STREAM_MAX_SEGMENT_SIZE_BYTES, INITIAL_CLUSTER_SIZE, DELIVERY_LIMIT,
					DEAD_LETTER_STRATEGY, MAX_IN_MEMORY_LENGTH, MAX_IN_MEMORY_BYTES, TARGET_GROUP_SIZE),
			Set.of());

	private static final Set<String> NOT_OF_QUORUM_QUEUES = names(
			EnumSet.of(QUEUE_MODE, MAX_AGE, STREAM_MAX_SEGMENT_SIZE_BYTES, INITIAL_CLUSTER_SIZE), OF_MIRRORED_QUEUES);

	private static final Map<String, PolicyKey> BY_NAME = Arrays.stream(values())
		.collect(Collectors.toMap(PolicyKey::wireName, Function.identity()));

	private final String wireName;

	private final String what;

	private final Predicate<@Nullable Object> valid;

	PolicyKey(String wireName, String what, Predicate<@Nullable Object> valid) {
		this.wireName = wireName;
		this.what = what;
		this.valid = valid;
	}

	private static Set<String> names(Set<PolicyKey> keys, Set<String> others) {
		Set<String> names = keys.stream().map(PolicyKey::wireName).collect(Collectors.toSet());
		names.addAll(others);
		return Set.copyOf(names);
	}

	private static Predicate<@Nullable Object> oneOf(Object... values) {
		return (value) -> Arrays.asList(values).contains(value);
	}

	private static Predicate<@Nullable Object> atLeast(long least) {
		return (value) -> ArgumentTable.isInteger(value) && clamped((Number) value, Long.MAX_VALUE) >= least;
	}

	/**
	 * The key of that name, or null.
	 */
	static @Nullable PolicyKey of(String name) {
		return BY_NAME.get(name);
	}

	/**
	 * With any of which a policy does not apply to a queue of that type.
	 */
	static Set<String> unsupported(boolean quorum) {
		return quorum ? NOT_OF_QUORUM_QUEUES : NOT_OF_CLASSIC_QUEUES;
	}

	/**
	 * What counts of a policy's value and an operator policy's.
	 */
	static Object merge(String name, Object value, Object operators) {
		PolicyKey key = of(name);
		return (key == null) ? operators : switch (key) {
			case MESSAGE_TTL, MAX_LENGTH, MAX_LENGTH_BYTES, MAX_IN_MEMORY_LENGTH, MAX_IN_MEMORY_BYTES, EXPIRES,
					DELAYED_RETRY_MAX ->
				lesser(value, operators);
			case DELIVERY_LIMIT -> stricterLimit(value, operators);
			case TARGET_GROUP_SIZE, DELAYED_RETRY_MIN -> greater(value, operators);
			default -> operators;
		};
	}

	/**
	 * What counts of a policy's value and a queue's own argument.
	 */
	static Object mergeWithArgument(String name, Object value, Object argument, boolean quorum) {
		PolicyKey key = of(name);
		return (key == null) ? argument : switch (key) {
			case MESSAGE_TTL, EXPIRES, MAX_LENGTH, MAX_LENGTH_BYTES, CONSUMER_TIMEOUT, CONSUMER_DISCONNECTED_TIMEOUT,
					DELAYED_RETRY_MIN, DELAYED_RETRY_MAX ->
				lesser(value, argument);
			case DELIVERY_LIMIT -> stricterLimit(value, argument);
			case OVERFLOW -> quorum ? value : argument;
			case DELAYED_RETRY_TYPE -> value;
			default -> argument;
		};
	}

	private static Object lesser(Object value, Object other) {
		return (isNumber(other) && compare(other, value) < 0) ? other : value;
	}

	private static Object greater(Object value, Object other) {
		return (compare(other, value) > 0) ? other : value;
	}

	/** A negative limit is none. */
	private static Object stricterLimit(Object value, Object other) {
		boolean unlimited = compare(value, 0) < 0 || (isNumber(other) && compare(other, 0) < 0);
		return (unlimited && isNumber(other)) ? greater(value, other) : lesser(value, other);
	}

	private static boolean isNumber(Object value) {
		return ArgumentTable.isInteger(value);
	}

	private static int compare(Object value, Object other) {
		return Long.compare(clamped((Number) value, Long.MAX_VALUE), clamped((Number) other, Long.MAX_VALUE));
	}

	/**
	 * The value as an argument has it.
	 */
	static Object asArgument(String name, Object value) {
		if (!isNumber(value)) {
			return value;
		}
		PolicyKey key = of(name);
		boolean time = key == MESSAGE_TTL || key == EXPIRES;
		return clamped((Number) value, time ? Expiration.LONGEST : Long.MAX_VALUE);
	}

	private static long clamped(Number value, long most) {
		if (value instanceof BigInteger big && big.bitLength() >= Long.SIZE) {
			return (big.signum() > 0) ? most : Long.MIN_VALUE;
		}
		return Math.min(value.longValue(), most);
	}

	String wireName() {
		return this.wireName;
	}

	/**
	 * Says what is wrong with a value, or null.
	 */
	@Nullable String complaint(@Nullable Object value) {
		return this.valid.test(value) ? null : ErlangTerm.of(value) + " is not a " + this.what;
	}

}
