package dev.warren.broker.rabbitmq.routing;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Date;
import java.util.Map;
import java.util.Objects;

import dev.warren.broker.rabbitmq.wire.ArgumentTable;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of the binding are compared with the headers of the message: all of them
 * or any of them has to match, those that start with {@code x-} count only if asked for.
 */
final class HeadersRoutes implements Routes {

	private static final String MATCH = "x-match";

	private final boolean typed;

	private volatile Binding[] bindings = {};

	/**
	 * @param typed whether integers, floats and timestamps differ from each other
	 */
	HeadersRoutes(boolean typed) {
		this.typed = typed;
	}

	/**
	 * @throws ProtocolException if {@code x-match} makes no sense
	 */
	static void check(Map<String, ? extends @Nullable Object> arguments) {
		if (!arguments.containsKey(MATCH)) {
			return;
		}
		Object value = arguments.get(MATCH);
		if (!(value instanceof String kind)) {
			throw ReplyCode.PRECONDITION_FAILED.error("Invalid x-match field type %s (value %s); expected longstr",
					ArgumentTable.typeName(value), value);
		}
		if (!kind.equals("all") && !kind.equals("any") && !kind.equals("all-with-x") && !kind.equals("any-with-x")) {
			throw ReplyCode.PRECONDITION_FAILED
				.error("Invalid x-match field value <<\"%s\">>; expected all, any, all-with-x, or any-with-x", kind);
		}
	}

	@Override
	public void add(Binding binding) {
		this.bindings = FanoutRoutes.with(this.bindings, binding);
	}

	@Override
	public void remove(Binding binding) {
		this.bindings = FanoutRoutes.without(this.bindings, binding);
	}

	@Override
	public void match(String routingKey, Routing<?> routing) {
		for (Binding binding : this.bindings) {
			if (matches(binding.arguments(), routing.headers(), this.typed)) {
				if (!this.typed && !matches(binding.arguments(), routing.headers(), true)) {
					routing.matchesAcrossTypes();
				}
				routing.add(binding);
			}
		}
	}

	private static boolean matches(Map<String, ? extends @Nullable Object> arguments,
			Map<String, ? extends @Nullable Object> headers, boolean typed) {
		String kind = (arguments.get(MATCH) instanceof String text) ? text : "all";
		boolean any = kind.startsWith("any");
		boolean withX = kind.endsWith("-with-x");
		for (Map.Entry<String, ? extends @Nullable Object> argument : arguments.entrySet()) {
			String name = argument.getKey();
			if (name.equals(MATCH) || (!withX && name.startsWith("x-"))) {
				continue;
			}
			if (matches(name, argument.getValue(), headers, typed) == any) {
				return any;
			}
		}
		return !any;
	}

	private static boolean matches(String name, @Nullable Object expected,
			Map<String, ? extends @Nullable Object> headers, boolean typed) {
		if (!headers.containsKey(name)) {
			return false;
		}
		// An argument without a value asks only that the header be there.
		return expected == null || same(expected, headers.get(name), typed);
	}

	/**
	 * As in Erlang, values are compared without their types: numbers, of which timestamps
	 * are one, are equal if they are the same number, texts and bytes if they are the
	 * same bytes. Inside arrays and tables the types count.
	 */
	private static boolean same(Object expected, @Nullable Object actual, boolean typed) {
		if (isNumber(expected) && isNumber(actual)) {
			if (typed && kind(expected) != kind(actual)) {
				return false;
			}
			return decimal(expected).compareTo(decimal(Objects.requireNonNull(actual))) == 0;
		}
		byte[] expectedBytes = bytes(expected);
		byte[] actualBytes = bytes(actual);
		return (expectedBytes != null && actualBytes != null) ? Arrays.equals(expectedBytes, actualBytes)
				: expected.equals(actual);
	}

	private static Class<?> kind(@Nullable Object number) {
		if (number instanceof Date) {
			return Date.class;
		}
		return ArgumentTable.isInteger(number) ? Long.class : Double.class;
	}

	private static boolean isNumber(@Nullable Object value) {
		return ArgumentTable.isInteger(value) || value instanceof Date
				|| (value instanceof Double real && Double.isFinite(real))
				|| (value instanceof Float real && Float.isFinite(real));
	}

	private static BigDecimal decimal(Object value) {
		if (value instanceof Date date) {
			return BigDecimal.valueOf(date.getTime() / 1000);
		}
		Number number = (Number) value;
		return ArgumentTable.isInteger(value) ? BigDecimal.valueOf(number.longValue())
				: new BigDecimal(number.doubleValue());
	}

	private static byte @Nullable [] bytes(@Nullable Object value) {
		if (value instanceof String text) {
			return text.getBytes(StandardCharsets.UTF_8);
		}
		return (value instanceof byte[] bytes) ? bytes : null;
	}

}
