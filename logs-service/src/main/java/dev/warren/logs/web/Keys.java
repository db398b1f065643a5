package dev.warren.logs.web;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import org.jspecify.annotations.Nullable;

/**
 * Routing keys and binding keys as callers give them.
 */
final class Keys {

	/**
	 * The longest routing or binding key in UTF-8, in bytes: AMQP's {@code shortstr}.
	 */
	private static final int MAX_LENGTH = 255;

	private static final Pattern WORDS = Pattern.compile("[^\\s\\p{Z}\\p{Cc}\\p{Cs}]*");

	private Keys() {
	}

	/**
	 * Checks a routing key, or a binding key: words with dots between.
	 * @param key the key
	 * @param field the field it came in
	 * @return the key
	 * @throws ProblemException if it is missing, too long or has something else than
	 * words and dots
	 */
	static String checked(@Nullable String key, String field) {
		if (key == null) {
			throw new ProblemException(ProblemType.INVALID_VALUE, "'%s' must not be missing".formatted(field), field);
		}
		if (!WORDS.matcher(key).matches()) {
			throw new ProblemException(ProblemType.INVALID_VALUE,
					"'%s' must be words with dots between, without spaces or control characters".formatted(field),
					field);
		}
		int length = key.getBytes(StandardCharsets.UTF_8).length;
		if (length > MAX_LENGTH) {
			throw new ProblemException(ProblemType.INVALID_VALUE, "'%s' has a key of %d bytes, %d more than AMQP allows"
				.formatted(field, length, length - MAX_LENGTH), field);
		}
		return key;
	}

}
