package dev.warren.broker.rabbitmq.routing;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.regex.Pattern;

import dev.warren.broker.rabbitmq.wire.ArgumentTable;
import dev.warren.broker.rabbitmq.wire.MessageProperties;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import org.jspecify.annotations.Nullable;

/**
 * Messages with the same routing key, or the same header or property, go to the same
 * target, and each target gets a share of the keys: the binding key is its weight.
 * <p>
 * For each key the targets draw lots (rendezvous hashing), so a new target takes keys
 * from the others, a target that goes leaves its keys to the others, and no other key
 * moves. RabbitMQ's plugin counts buckets instead, and moves more.
 *
 * @see <a href="https://www.rabbitmq.com/docs/consistent-hash-exchange">Consistent
 * Hashing Exchange</a>
 */
final class HashRoutes implements Routes {

	private static final String HEADER = "hash-header";

	private static final String PROPERTY = "hash-property";

	private static final Set<String> PROPERTIES = Set.of("correlation_id", "message_id", "timestamp");

	private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");

	private final @Nullable Object header;

	private final @Nullable Object property;

	private volatile Share[] shares = {};

	HashRoutes(Map<String, ? extends @Nullable Object> arguments) {
		this.header = arguments.get(HEADER);
		this.property = arguments.get(PROPERTY);
	}

	/**
	 * @throws ProtocolException if the arguments do not say what to hash
	 */
	static void check(Map<String, ? extends @Nullable Object> arguments) {
		String header = text(HEADER, arguments);
		String property = text(PROPERTY, arguments);
		if (header != null && property != null) {
			throw ReplyCode.PRECONDITION_FAILED.error("%s and %s are mutually exclusive", HEADER, PROPERTY);
		}
		if (property != null && !PROPERTIES.contains(property)) {
			throw ReplyCode.PRECONDITION_FAILED.error("Unsupported property: %s", property);
		}
	}

	private static @Nullable String text(String name, Map<String, ? extends @Nullable Object> arguments) {
		if (!arguments.containsKey(name)) {
			return null;
		}
		if (!(arguments.get(name) instanceof String text)) {
			// As in RabbitMQ, which does not expect that.
			throw ReplyCode.INTERNAL_ERROR.error("'%s' is not a text", name);
		}
		return text;
	}

	/**
	 * @throws ProtocolException if the binding key is no weight
	 */
	static void check(String key) {
		if (!INTEGER.matcher(key).matches()) {
			throw ReplyCode.PRECONDITION_FAILED.error("The binding key must be an integer: <<%s>>",
					key.isEmpty() ? "" : '"' + key + '"');
		}
		if (new BigInteger(key).signum() <= 0) {
			throw ReplyCode.PRECONDITION_FAILED.error("The binding key must be greater than 0");
		}
	}

	/**
	 * As in RabbitMQ, of several bindings to a target only the first counts.
	 */
	@Override
	public void add(Binding binding) {
		Share[] before = this.shares;
		if (Arrays.stream(before).noneMatch((share) -> share.target().equals(binding.target()))) {
			Share[] after = Arrays.copyOf(before, before.length + 1);
			after[before.length] = new Share(binding,
					hash(binding.definition().toExchange() + ":" + binding.target().name()),
					new BigInteger(binding.key()).doubleValue());
			this.shares = after;
		}
	}

	/**
	 * As in RabbitMQ, a target loses its share with any of its bindings.
	 */
	@Override
	public void remove(Binding binding) {
		this.shares = Arrays.stream(this.shares)
			.filter((share) -> !share.target().equals(binding.target()))
			.toArray(Share[]::new);
	}

	@Override
	public void match(String routingKey, Routing<?> routing) {
		Share[] all = this.shares;
		if (all.length == 0 || routing.hasMatched()) {
			return;
		}
		long hash = hash(hashed(routingKey, routing));
		Share first = all[0];
		double least = first.lot(hash);
		for (int i = 1; i < all.length; i++) {
			double lot = all[i].lot(hash);
			if (lot < least) {
				least = lot;
				first = all[i];
			}
		}
		routing.add(first.binding);
	}

	private @Nullable Object hashed(String routingKey, Routing<?> routing) {
		if (this.header != null) {
			return routing.headers().get(this.header);
		}
		if (this.property == null) {
			return routingKey;
		}
		MessageProperties properties = routing.properties();
		return switch (this.property.toString()) {
			case "correlation_id" -> properties.correlationId();
			case "message_id" -> properties.messageId();
			default -> properties.timestamp();
		};
	}

	/**
	 * The same after a restart. Integers are equal whatever their size.
	 */
	private static long hash(@Nullable Object value) {
		Object known = ArgumentTable.isInteger(value) ? Long.valueOf(String.valueOf(value)) : value;
		return UUID.nameUUIDFromBytes(ArgumentTable.write(Collections.singletonMap("", known)))
			.getLeastSignificantBits();
	}

	private record Share(Binding binding, long hash, double weight) {

		RoutingTarget target() {
			return this.binding.target();
		}

		/**
		 * Exponentially distributed: the chance that it is the least of all is the share
		 * of the weight in all weights.
		 */
		double lot(long key) {
			return new SplittableRandom(this.hash ^ key).nextExponential() / this.weight;
		}

	}

}
