package dev.warren.broker.management;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import dev.warren.broker.definitions.AmqpJson;
import dev.warren.broker.rabbitmq.wire.MessageProperties;
import dev.warren.broker.rabbitmq.wire.TextProperty;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Messages as JSON: their properties and what is in them.
 */
final class Payload {

	private static final int LONGEST_TEXT = 255;

	private Payload() {
	}

	/**
	 * What is in a message, as text or in Base64.
	 */
	static Map<String, Object> of(byte[] body, Encoding encoding) {
		Map<String, Object> map = new LinkedHashMap<>();
		String text = (encoding == Encoding.AUTO) ? text(body) : null;
		map.put("payload", (text != null) ? text : Base64.getEncoder().encodeToString(body));
		map.put("payload_encoding", (text != null) ? "string" : "base64");
		return map;
	}

	private static @Nullable String text(byte[] bytes) {
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
		}
		catch (CharacterCodingException ex) {
			return null;
		}
	}

	/**
	 * Those that a message has; as RabbitMQ, an empty list if it has none.
	 */
	static Object properties(MessageProperties properties) {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		for (TextProperty one : TextProperty.values()) {
			putIfPresent(map, name(one), properties.text(one));
		}
		putIfPresent(map, "timestamp", properties.timestamp());
		putIfPresent(map, "priority", properties.priority());
		putIfPresent(map, "delivery_mode", properties.deliveryMode());
		if (properties.hasHeaders()) {
			map.put("headers", AmqpJson.toJson(properties.headers()));
		}
		return map.isEmpty() ? new Object[0] : map;
	}

	private static String name(TextProperty property) {
		return property.name().toLowerCase(Locale.ROOT);
	}

	private static void putIfPresent(Map<String, @Nullable Object> map, String name, @Nullable Object value) {
		if (value != null) {
			map.put(name, value);
		}
	}

	/**
	 * The properties that a message is to be published with.
	 */
	static MessageProperties properties(Body body) {
		JsonNode json = body.json().path("properties");
		MessageProperties properties = MessageProperties.none();
		for (TextProperty one : TextProperty.values()) {
			JsonNode value = json.path(name(one));
			if (!value.isMissingNode() && !value.isNull()) {
				properties.text(one, shortText(name(one), value));
			}
		}
		if (json.hasNonNull("delivery_mode")) {
			properties.deliveryMode((int) number(json, "delivery_mode", 1, 2));
		}
		if (json.hasNonNull("priority")) {
			properties.priority((int) number(json, "priority", 0, 255));
		}
		if (json.hasNonNull("timestamp")) {
			properties.timestamp(number(json, "timestamp", 0, Long.MAX_VALUE));
		}
		Map<String, @Nullable Object> headers = new Body(json).table("headers");
		if (!headers.isEmpty()) {
			properties.headers(headers);
		}
		return properties;
	}

	private static String shortText(String name, JsonNode value) {
		if (!value.isString() || value.asString().getBytes(StandardCharsets.UTF_8).length > LONGEST_TEXT) {
			throw ApiException.badRequest("'%s' is not a string of at most %d bytes".formatted(name, LONGEST_TEXT));
		}
		return value.asString();
	}

	private static long number(JsonNode json, String name, long least, long most) {
		JsonNode value = json.path(name);
		if (!value.canConvertToLong() || !value.isIntegralNumber() || value.asLong() < least || value.asLong() > most) {
			throw ApiException.badRequest("'%s' is not an integer from %d to %d".formatted(name, least, most));
		}
		return value.asLong();
	}

	/**
	 * What a message that is to be published has in it.
	 */
	static byte[] read(Body body) {
		if (!body.json().path("payload").isString()) {
			throw ApiException.badRequest("payload_not_string");
		}
		String payload = body.text("payload", "");
		String encoding = body.text("payload_encoding", "");
		return switch (encoding) {
			case "string" -> payload.getBytes(StandardCharsets.UTF_8);
			case "base64" -> base64(payload);
			default -> throw ApiException.badRequest("unsupported_encoding: " + encoding);
		};
	}

	private static byte[] base64(String payload) {
		try {
			return Base64.getDecoder().decode(payload.strip());
		}
		catch (IllegalArgumentException ex) {
			throw ApiException.badRequest("not_base64");
		}
	}

	/** How bodies are shown. */
	enum Encoding {

		/** As text where they are UTF-8. */
		AUTO,

		BASE64;

		static Encoding of(String name) {
			return switch (name) {
				case "auto" -> AUTO;
				case "base64" -> BASE64;
				default -> throw ApiException.badRequest("Unsupported encoding. Please use auto or base64.");
			};
		}

	}

}
