package dev.warren.broker;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A message in a line, for those who read why a test failed.
 */
final class MessageText {

	private static final int LONGEST_BODY = 80;

	private MessageText() {
	}

	static String of(BrokerMessage message) {
		List<String> parts = new ArrayList<>();
		parts.add(body(message));
		if (!message.routingKey().isEmpty()) {
			parts.add("key '" + message.routingKey() + "'");
		}
		if (!message.headers().isEmpty()) {
			parts.add("headers " + message.headers());
		}
		add(parts, "type", message.type());
		add(parts, "message id", message.messageId());
		add(parts, "correlation id", message.correlationId());
		return String.join(", ", parts);
	}

	private static void add(List<String> parts, String name, @Nullable String value) {
		if (value != null) {
			parts.add(name + " '" + value + "'");
		}
	}

	/**
	 * The beginning of the body, or its size if it is not text.
	 */
	static String body(BrokerMessage message) {
		String text = message.text();
		if (text.chars().anyMatch((character) -> character == '\ufffd' || isStrange(character))) {
			return message.bodySize() + " octets";
		}
		return (text.length() <= LONGEST_BODY) ? '"' + text + '"'
				: '"' + text.substring(0, LONGEST_BODY) + "…\" (" + message.bodySize() + " octets)";
	}

	private static boolean isStrange(int character) {
		return Character.isISOControl(character) && !Character.isWhitespace(character);
	}

}
