package dev.warren.broker.management;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.warren.broker.definitions.AmqpJson;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON object a request comes with; one without a body comes with an empty one.
 */
final class Body {

	private static final JsonMapper mapper = new JsonMapper();

	private final JsonNode json;

	Body(JsonNode json) {
		this.json = json;
	}

	JsonNode json() {
		return this.json;
	}

	/**
	 * The fields, as maps, lists, texts, numbers and booleans.
	 */
	Map<String, @Nullable Object> values() {
		return mapper.treeToValue(this.json, new TypeReference<Map<String, @Nullable Object>>() {
		});
	}

	boolean has(String field) {
		return this.json.hasNonNull(field);
	}

	/**
	 * Checks that the fields are there.
	 */
	void require(String... fields) {
		String missing = Stream.of(fields)
			.filter((field) -> !this.json.has(field))
			.map((field) -> "{key_missing," + field + "}")
			.collect(Collectors.joining(","));
		if (!missing.isEmpty()) {
			throw ApiException.badRequest("[" + missing + "]");
		}
	}

	/**
	 * A text, which the fallback stands for if it is not there.
	 */
	String text(String field, String fallback) {
		JsonNode value = this.json.path(field);
		if (value.isMissingNode() || value.isNull()) {
			return fallback;
		}
		if (!value.isString()) {
			throw ApiException.badRequest("'%s' is not a string".formatted(field));
		}
		return value.asString();
	}

	/**
	 * A boolean, also one in quotes; false if it is not there.
	 */
	boolean bool(String field) {
		return bool(field, false);
	}

	boolean bool(String field, boolean fallback) {
		JsonNode value = this.json.path(field);
		if (value.isMissingNode() || value.isNull()) {
			return fallback;
		}
		String text = value.asString("");
		if (!text.equals("true") && !text.equals("false")) {
			throw ApiException.badRequest("'%s' is not a boolean: %s".formatted(field, value));
		}
		return text.equals("true");
	}

	/**
	 * An integer, also one in quotes.
	 */
	int integer(String field) {
		JsonNode value = this.json.path(field);
		try {
			return Integer.parseInt(value.asString(""));
		}
		catch (NumberFormatException ex) {
			throw ApiException.badRequest("'%s' is not an integer: %s".formatted(field, value));
		}
	}

	/**
	 * An object as AMQP has tables; empty if it is not there.
	 */
	Map<String, @Nullable Object> table(String field) {
		try {
			return AmqpJson.toTable(this.json.path(field));
		}
		catch (IllegalArgumentException ex) {
			throw ApiException.badRequest("'%s': %s".formatted(field, ex.getMessage()));
		}
	}

	static Body read(byte[] bytes) {
		if (bytes.length == 0) {
			return new Body(mapper.createObjectNode());
		}
		JsonNode json;
		try {
			json = mapper.readTree(bytes);
		}
		catch (RuntimeException ex) {
			throw ApiException.badRequest("not_json");
		}
		if (!json.isObject()) {
			throw ApiException.badRequest("invalid payload: the request body is not a JSON object");
		}
		return new Body(json);
	}

}
