package dev.warren.logs.subscriptions;

import java.math.BigDecimal;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The matching of headers exchanges (AMQP&nbsp;0-9-1, section 3.1.3.4): all headers of
 * the binding, or with {@code x-match: any} one of them, must be in the message with the
 * same value. A header without a value asks only that the message have it; names that
 * begin with {@code x-} do not count.
 */
final class HeadersPattern {

	static final String MATCH = "x-match";

	static final String ALL = "all";

	static final String ANY = "any";

	private HeadersPattern() {
	}

	static boolean matches(Map<String, ? extends @Nullable Object> pattern,
			Map<String, ? extends @Nullable Object> headers) {
		boolean any = ANY.equals(pattern.get(MATCH));
		for (Map.Entry<String, ? extends @Nullable Object> expected : pattern.entrySet()) {
			String name = expected.getKey();
			if (!name.startsWith("x-")
					&& (headers.containsKey(name) && same(expected.getValue(), headers.get(name))) == any) {
				return any;
			}
		}
		return !any;
	}

	private static boolean same(@Nullable Object expected, @Nullable Object actual) {
		if (expected == null) {
			return true;
		}
		if (expected instanceof Number one && actual instanceof Number other) {
			// As RabbitMQ 3 does: 3 is 3.0, of whatever type it is. For RabbitMQ 4 it is
			// not.
			return decimal(one).compareTo(decimal(other)) == 0;
		}
		return expected.equals(actual);
	}

	private static BigDecimal decimal(Number value) {
		return (value instanceof Double || value instanceof Float) ? new BigDecimal(value.doubleValue())
				: BigDecimal.valueOf(value.longValue());
	}

}
