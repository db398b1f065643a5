package dev.warren.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import dev.warren.broker.rabbitmq.wire.Names;
import org.jspecify.annotations.Nullable;

/**
 * A message in a line, for those who read why a test failed.
 */
final class MessageText {

	private static final int LONGEST_BODY = 80;

	private static final int LONGEST_HEADER = 200;

	private MessageText() {
	}

	static String of(BrokerMessage message) {
		List<String> parts = new ArrayList<>();
		parts.add(body(message));
		if (!message.routingKey().isEmpty()) {
			parts.add("key '" + message.routingKey() + "'");
		}
		if (!message.headers().isEmpty()) {
			parts.add(message.headers()
				.entrySet()
				.stream()
				.map((header) -> header.getKey() + "=" + header(header.getValue()))
				.collect(Collectors.joining(", ", "headers {", "}")));
		}
		add(parts, "type", message.type());
		add(parts, "message id", message.messageId());
		add(parts, "correlation id", message.correlationId());
		return line(String.join(", ", parts));
	}

	/** Some are as long as a stack trace. */
	private static String header(@Nullable Object value) {
		return (value instanceof byte[] bytes) ? bytes.length + " octets"
				: Names.printable(String.valueOf(value), LONGEST_HEADER);
	}

	/**
	 * The same in one line, whatever is in it.
	 */
	static String line(String text) {
		return Names.printable(text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t"), Integer.MAX_VALUE);
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
		return line((text.length() <= LONGEST_BODY) ? '"' + text + '"'
				: '"' + text.substring(0, LONGEST_BODY) + "…\" (" + message.bodySize() + " octets)");
	}

	private static boolean isStrange(int character) {
		return Character.isISOControl(character) && !Character.isWhitespace(character);
	}

}
