package dev.warren.messaging.message;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.rabbitmq.client.LongString;
import org.jspecify.annotations.Nullable;

/**
 * Headers between AMQP's field table and JSON.
 */
public final class Headers {

	/**
	 * The longest name of a header in UTF-8, in bytes: AMQP's {@code shortstr}.
	 */
	public static final int MAX_NAME_LENGTH = 255;

	/**
	 * How large headers may be together, in bytes. All properties of a message travel in
	 * one frame, which RabbitMQ limits to 128 KiB.
	 */
	public static final int MAX_SIZE = 64 * 1024;

	private static final int MAX_DEPTH = 8;

	// Type, length of a name or a string, and whatever a number takes.
	private static final int FIELD_OVERHEAD = 16;

	private Headers() {
	}

	/**
	 * The headers as JSON can show them: bytes as text, whatever they are.
	 */
	static Map<String, @Nullable Object> readable(Map<String, @Nullable Object> headers) {
		Map<String, @Nullable Object> readable = new LinkedHashMap<>();
		headers.forEach((name, value) -> readable.put(name, readable(value)));
		return readable;
	}

	/**
	 * Any header as text.
	 */
	static String text(@Nullable Object value) {
		return String.valueOf(readable(value));
	}

	private static @Nullable Object readable(@Nullable Object value) {
		if (value instanceof byte[] bytes) {
			return new String(bytes, StandardCharsets.UTF_8);
		}
		if (value instanceof LongString longString) {
			return longString.toString();
		}
		if (value instanceof List<?> list) {
			return list.stream().map(Headers::readable).toList();
		}
		if (value instanceof Map<?, ?> map) {
			Map<String, @Nullable Object> readable = new LinkedHashMap<>();
			map.forEach((name, nested) -> readable.put(String.valueOf(name), readable(nested)));
			return readable;
		}
		return value;
	}

	/**
	 * Tells whether AMQP can carry headers that came as JSON: strings, booleans, numbers
	 * up to 64 bits, null, and lists and objects of these, up to {@link #MAX_SIZE}
	 * together.
	 * @param headers the headers
	 * @return what is wrong, with the name of the header, or {@code null} if nothing is
	 */
	public static @Nullable String faultIn(Map<String, ?> headers) {
		String fault = faultIn(headers, MAX_DEPTH);
		return (fault == null && sizeOf(headers) > MAX_SIZE)
				? "headers are larger than %d bytes together".formatted(MAX_SIZE) : fault;
	}

	/**
	 * Roughly the size of readable headers, in bytes.
	 */
	static int sizeOf(@Nullable Object value) {
		if (value instanceof String text) {
			return FIELD_OVERHEAD + text.getBytes(StandardCharsets.UTF_8).length;
		}
		if (value instanceof List<?> list) {
			return FIELD_OVERHEAD + list.stream().mapToInt(Headers::sizeOf).sum();
		}
		if (value instanceof Map<?, ?> map) {
			return FIELD_OVERHEAD + map.entrySet()
				.stream()
				.mapToInt((entry) -> sizeOf(entry.getKey()) + sizeOf(entry.getValue()))
				.sum();
		}
		return FIELD_OVERHEAD;
	}

	private static @Nullable String faultIn(Map<?, ?> headers, int depth) {
		for (Map.Entry<?, ?> header : headers.entrySet()) {
			String name = String.valueOf(header.getKey());
			if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_LENGTH) {
				return "the name of a header is longer than %d bytes".formatted(MAX_NAME_LENGTH);
			}
			if (!Text.isUnicode(name)) {
				return "the name of a header has half a surrogate pair";
			}
			String fault = faultIn(header.getValue(), depth);
			if (fault != null) {
				return "header '%s' %s".formatted(name, fault);
			}
		}
		return null;
	}

	private static @Nullable String faultIn(@Nullable Object value, int depth) {
		if (value instanceof String text && !Text.isUnicode(text)) {
			return "has half a surrogate pair";
		}
		if (value instanceof BigInteger) {
			return "is a number of more than 64 bits";
		}
		if (value instanceof Double number && number.isInfinite()) {
			return "is too large a number";
		}
		if (depth == 0 && (value instanceof List || value instanceof Map)) {
			return "is nested deeper than %d levels".formatted(MAX_DEPTH);
		}
		if (value instanceof List<?> list) {
			return list.stream()
				.map((element) -> faultIn(element, depth - 1))
				.filter((fault) -> fault != null)
				.findFirst()
				.orElse(null);
		}
		return (value instanceof Map<?, ?> map) ? faultIn(map, depth - 1) : null;
	}

}
