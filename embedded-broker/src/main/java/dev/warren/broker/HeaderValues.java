package dev.warren.broker;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Which values a header may have. The wire would take others for what they are not.
 */
final class HeaderValues {

	private static final int LONGEST_NAME = 255;

	private static final int HIGHEST_SCALE = 255;

	private HeaderValues() {
	}

	static void check(String name, @Nullable Object value) {
		if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
			throw new IllegalArgumentException("The name of a header has at most 255 octets: " + name);
		}
		if (value instanceof List<?> list) {
			list.forEach((element) -> check(name, element));
		}
		else if (value instanceof Map<?, ?> map) {
			map.forEach((key, element) -> check(String.valueOf(key), element));
		}
		else if (value != null && !isAllowed(value)) {
			throw new IllegalArgumentException(
					"The header '%s' cannot be %s, of %s".formatted(name, value, value.getClass()));
		}
	}

	private static boolean isAllowed(Object value) {
		if (value instanceof BigDecimal decimal) {
			return decimal.scale() >= 0 && decimal.scale() <= HIGHEST_SCALE
					&& decimal.unscaledValue().bitLength() < Integer.SIZE;
		}
		if (value instanceof BigInteger integer) {
			return integer.bitLength() < Long.SIZE;
		}
		return value instanceof CharSequence || value instanceof Number || value instanceof Boolean
				|| value instanceof Date || value instanceof byte[];
	}

}
