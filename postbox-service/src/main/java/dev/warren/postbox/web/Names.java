package dev.warren.postbox.web;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

import dev.warren.messaging.message.Text;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.postbox.boxes.Boxes;
import org.jspecify.annotations.Nullable;

/**
 * Names of boxes, and keys, as callers give them.
 */
final class Names {

	/**
	 * The longest name or key in UTF-8, in bytes: AMQP's {@code shortstr}.
	 */
	private static final int MAX_LENGTH = 255;

	// AMQP 0-9-1, queue.declare: names that begin so are the broker's own.
	private static final String RESERVED_PREFIX = "amq.";

	// As segments of a path these are not names.
	private static final Set<String> DOTS = Set.of(".", "..");

	private Names() {
	}

	/**
	 * Checks the name of a box.
	 * @return the name
	 * @throws ProblemException if AMQP has no queue of that name for a client, or a path
	 * no segment
	 */
	static String box(String name) {
		String checked = shortString(name, "name");
		if (checked.startsWith(RESERVED_PREFIX) || DOTS.contains(checked) || checked.equals(Boxes.REGISTRY)) {
			throw new ProblemException(ProblemType.INVALID_VALUE, "The name '%s' is reserved".formatted(name), "name");
		}
		return checked;
	}

	/**
	 * Checks the keys of a box.
	 * @return the keys, each once
	 * @throws ProblemException if there are none, too many, or bad ones
	 */
	static List<String> keys(@Nullable List<@Nullable String> keys, int max) {
		if (keys == null || keys.isEmpty()) {
			throw new ProblemException(ProblemType.INVALID_VALUE, "'keys' must have at least one", "keys");
		}
		if (keys.size() > max) {
			throw new ProblemException(ProblemType.INVALID_VALUE,
					"'keys' are more than the %d that warren.postbox.max-keys allows".formatted(max), "keys");
		}
		return keys.stream().map((key) -> key(key, "keys")).distinct().toList();
	}

	/**
	 * Checks a key.
	 * @param field the field it came in
	 * @return the key
	 * @throws ProblemException if it is missing, too long or not a text
	 */
	static String key(@Nullable String key, String field) {
		return shortString(key, field);
	}

	private static String shortString(@Nullable String value, String field) {
		if (value == null || value.isBlank()) {
			throw new ProblemException(ProblemType.INVALID_VALUE, "'%s' must not be empty".formatted(field), field);
		}
		if (!Text.isUnicode(value) || value.codePoints().anyMatch(Character::isISOControl)) {
			throw new ProblemException(ProblemType.INVALID_VALUE,
					"'%s' must be a text without control characters".formatted(field), field);
		}
		int length = value.getBytes(StandardCharsets.UTF_8).length;
		if (length > MAX_LENGTH) {
			throw new ProblemException(ProblemType.INVALID_VALUE,
					"'%s' has %d bytes, %d more than AMQP allows".formatted(field, length, length - MAX_LENGTH), field);
		}
		return value;
	}

}
