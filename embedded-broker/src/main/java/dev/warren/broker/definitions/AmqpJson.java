package dev.warren.broker.definitions;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.warren.broker.rabbitmq.wire.Names;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * AMQP's values as JSON, and the other way round.
 */
public final class AmqpJson {

	private AmqpJson() {
	}

	/**
	 * An object as a table. One that is not there is empty, and so is an empty list,
	 * which clients of Erlang write for an empty object.
	 * @throws IllegalArgumentException if it is no object, or has what no table has
	 */
	public static Map<String, @Nullable Object> toTable(JsonNode json) {
		Map<String, @Nullable Object> table = new LinkedHashMap<>();
		if (json.isMissingNode() || json.isNull() || (json.isArray() && json.isEmpty())) {
			return table;
		}
		if (!json.isObject()) {
			throw new IllegalArgumentException("%s is not an object".formatted(json));
		}
		json.properties().forEach((one) -> table.put(name(one.getKey()), toAmqp(one.getValue())));
		return table;
	}

	/**
	 * What a table has for a JSON value.
	 */
	private static @Nullable Object toAmqp(JsonNode json) {
		return switch (json.getNodeType()) {
			case STRING -> json.asString();
			case BOOLEAN -> json.asBoolean();
			case NUMBER -> number(json);
			case ARRAY -> {
				List<@Nullable Object> list = new ArrayList<>();
				json.forEach((one) -> list.add(toAmqp(one)));
				yield list;
			}
			case OBJECT -> {
				Map<String, @Nullable Object> table = new LinkedHashMap<>();
				json.properties().forEach((one) -> table.put(name(one.getKey()), toAmqp(one.getValue())));
				yield table;
			}
			default -> null;
		};
	}

	private static String name(String name) {
		if (!Names.isShort(name)) {
			throw new IllegalArgumentException("A name in it is too long");
		}
		return name;
	}

	private static Object number(JsonNode json) {
		if (!json.isIntegralNumber()) {
			return json.asDouble();
		}
		if (!json.canConvertToLong()) {
			throw new IllegalArgumentException("The number %s does not fit into 64 bits".formatted(json));
		}
		return json.asLong();
	}

	/**
	 * A table as an object; an empty one is {@code {}}.
	 */
	public static Map<String, @Nullable Object> toJson(Map<String, ? extends @Nullable Object> table) {
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		table.forEach((name, value) -> json.put(name, toJson(value)));
		return json;
	}

	private static @Nullable Object toJson(@Nullable Object value) {
		if (value instanceof Map<?, ?> map) {
			Map<String, @Nullable Object> json = new LinkedHashMap<>();
			map.forEach((name, one) -> json.put(String.valueOf(name), toJson(one)));
			return json;
		}
		if (value instanceof List<?> list) {
			List<@Nullable Object> json = new ArrayList<>();
			list.forEach((one) -> json.add(toJson(one)));
			return json;
		}
		if (value instanceof byte[] bytes) {
			return new String(bytes, StandardCharsets.UTF_8);
		}
		if (value instanceof Date date) {
			return date.getTime() / 1000;
		}
		return (value == null || value instanceof Number || value instanceof Boolean) ? value : value.toString();
	}

}
