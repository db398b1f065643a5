package dev.warren.broker.rabbitmq.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.warren.broker.rabbitmq.wire.ArgumentTable;
import dev.warren.broker.rabbitmq.wire.MessageProperties;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import org.jspecify.annotations.Nullable;

/**
 * The headers CC and BCC: more routing keys for the same message.
 *
 * @see <a href="https://www.rabbitmq.com/docs/sender-selected">Sender-selected
 * Distribution</a>
 */
public final class CarbonCopies {

	public static final String CC = "CC";

	private static final String BCC = "BCC";

	private CarbonCopies() {
	}

	/**
	 * The routing key, then those of both headers.
	 * @throws ProtocolException if a header is not a list of strings
	 */
	public static List<String> routingKeys(String routingKey, Map<String, ? extends @Nullable Object> headers) {
		if (!headers.containsKey(CC) && !headers.containsKey(BCC)) {
			return List.of(routingKey);
		}
		List<String> keys = new ArrayList<>();
		keys.add(routingKey);
		addAll(CC, headers, keys);
		addAll(BCC, headers, keys);
		return keys;
	}

	/**
	 * Takes out what those who get the message are not to see.
	 */
	public static void hideBlind(MessageProperties properties) {
		Map<String, @Nullable Object> headers = properties.headers();
		if (headers.containsKey(BCC)) {
			headers.remove(BCC);
			properties.headers(headers);
		}
	}

	private static void addAll(String header, Map<String, ? extends @Nullable Object> headers, List<String> keys) {
		if (!headers.containsKey(header)) {
			return;
		}
		Object value = headers.get(header);
		if (!(value instanceof List<?> list)) {
			throw ReplyCode.PRECONDITION_FAILED.error("invalid message: {unacceptable_type_in_header,<<\"%s\">>,%s}",
					header, ArgumentTable.typeName(value));
		}
		for (Object key : list) {
			if (!(key instanceof String text)) {
				throw ReplyCode.PRECONDITION_FAILED
					.error("invalid message: {unacceptable_type_in_header,<<\"%s\">>,array}", header);
			}
			keys.add(text);
		}
	}

}
