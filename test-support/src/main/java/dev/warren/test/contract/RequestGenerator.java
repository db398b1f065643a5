package dev.warren.test.contract;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes requests out of an OpenAPI document: some as the document has them, some almost,
 * and some with anything in them.
 */
final class RequestGenerator {

	private static final List<String> NASTY = List.of("", " ", "a b", "\0", "../..", "%", "null", "-1", "0", "1e9",
			"2147483648", "99999999999999999999", "true", "#", "*.#", "amq.direct", "amq.gen-x", "\u00e9\u2713",
			"\ud83d\ude00", "x".repeat(256), "x".repeat(5_000), "'\"<>&;{}", "!fails", "..", "\r\n", "/", "\\", "?");

	private static final int MAX_KNOWN = 200;

	private final JsonMapper jsonMapper = new JsonMapper();

	private final Contract contract;

	private final Random random;

	// Ids, names and handles of earlier answers.
	private final List<String> known = new ArrayList<>();

	RequestGenerator(Contract contract, long seed) {
		this.contract = contract;
		this.random = new Random(seed);
	}

	Operation operation() {
		return one(this.contract.operations());
	}

	HttpRequest.Builder request(Operation operation) {
		String path = operation.path();
		List<String> query = new ArrayList<>();
		for (JsonNode parameter : operation.json().path("parameters")) {
			String name = parameter.get("name").asString();
			if (parameter.get("in").asString().equals("path")) {
				path = path.replace("{" + name + "}", encode(pathParameter(parameter)));
			}
			else if (parameter.path("required").asBoolean() ? chance(95) : chance(60)) {
				query.add(name + "=" + encode(queryParameter(parameter)));
			}
		}
		if (chance(2)) {
			query.add(encode(text()) + "=" + encode(text()));
		}
		HttpRequest.Builder request = this.contract.client()
			.request(path + (query.isEmpty() ? "" : "?" + String.join("&", query)));
		if (operation.hasBody() && chance(97)) {
			String type = one(List.copyOf(operation.bodyTypes()));
			request.method(operation.method(), BodyPublishers.ofString(body(operation, type)));
			request.header("Content-Type", chance(95) ? type : one(List.of("image/png", "application/json",
					"text/plain;charset=utf-16", "application/x-www-form-urlencoded", "nonsense")));
		}
		else {
			request.method(operation.method(), chance(95) ? BodyPublishers.noBody() : BodyPublishers.ofString(text()));
		}
		if (chance(3)) {
			request.header("Accept",
					one(List.of("application/json", "image/png", "text/plain", "*/*;q=0.1", "nonsense")));
		}
		if (chance(2)) {
			request.header("Origin", one(List.of("http://elsewhere.example", "null")));
		}
		return request;
	}

	/**
	 * Learns of an answer what later requests may name.
	 */
	void learn(String body) {
		try {
			learn(this.jsonMapper.readTree(body));
		}
		catch (RuntimeException ex) {
			// Not JSON.
		}
	}

	private void learn(JsonNode json) {
		for (String name : List.of("id", "name", "handle")) {
			JsonNode value = json.path(name);
			if (value.isString()) {
				if (this.known.size() == MAX_KNOWN) {
					this.known.remove(this.random.nextInt(MAX_KNOWN));
				}
				this.known.add(value.asString());
			}
		}
		if (json.isArray()) {
			json.forEach(this::learn);
		}
	}

	private String pathParameter(JsonNode parameter) {
		String value = (!this.known.isEmpty() && chance(50)) ? one(this.known) : queryParameter(parameter);
		return value.isEmpty() ? "x" : value;
	}

	private String queryParameter(JsonNode parameter) {
		if (parameter.has("example") && chance(50)) {
			return parameter.get("example").asString();
		}
		return chance(80) ? value(parameter.get("schema"), 0).asString("") : text();
	}

	private String body(Operation operation, String type) {
		JsonNode content = operation.json().at("/requestBody/content").get(type);
		if (content.has("example") && chance(30)) {
			JsonNode example = content.get("example");
			return example.isString() ? example.asString() : example.toString();
		}
		if (type.equals("text/plain")) {
			return text();
		}
		String json = value(content.get("schema"), 0).toString();
		if (chance(5)) {
			int at = this.random.nextInt(json.length());
			return json.substring(0, at) + text() + json.substring(at);
		}
		return json;
	}

	/**
	 * A value of a schema, or, now and then, any other.
	 */
	private JsonNode value(JsonNode schema, int depth) {
		if (schema.has("$ref")) {
			return value(this.contract.document().at(schema.get("$ref").asString().substring(1)), depth);
		}
		if (schema.has("oneOf")) {
			return value(schema.get("oneOf").get(this.random.nextInt(schema.get("oneOf").size())), depth);
		}
		if (chance(5) || depth > 4) {
			return anything(depth);
		}
		if (schema.has("example") && chance(50)) {
			return schema.get("example");
		}
		if (schema.has("enum")) {
			return schema.get("enum").get(this.random.nextInt(schema.get("enum").size()));
		}
		JsonNode type = schema.path("type");
		return switch (type.isArray() ? type.get(this.random.nextInt(type.size())).asString() : type.asString("")) {
			case "string" -> this.jsonMapper.valueToTree(schema.path("pattern").asString("").contains("0-9")
					? String.valueOf(this.random.nextInt(1000)) : text());
			case "integer" -> this.jsonMapper.valueToTree(integer(schema));
			case "number" -> this.jsonMapper.valueToTree(this.random.nextGaussian());
			case "boolean" -> this.jsonMapper.valueToTree(this.random.nextBoolean());
			case "null" -> this.jsonMapper.nullNode();
			case "array" -> {
				var array = this.jsonMapper.createArrayNode();
				for (int i = this.random.nextInt(4); i > 0; i--) {
					array.add(value(schema.get("items"), depth + 1));
				}
				yield array;
			}
			case "object" -> {
				var object = this.jsonMapper.createObjectNode();
				schema.path("properties").forEachEntry((name, property) -> {
					boolean required = schema.path("required").valueStream().anyMatch((r) -> r.asString().equals(name));
					if (chance(required ? 95 : 40)) {
						object.set(name, value(property, depth + 1));
					}
				});
				if (schema.has("additionalProperties") && schema.get("additionalProperties").isObject()) {
					for (int i = this.random.nextInt(3); i > 0; i--) {
						object.set(text(), anything(depth + 1));
					}
				}
				yield object;
			}
			default -> anything(depth);
		};
	}

	private long integer(JsonNode schema) {
		long min = schema.path("minimum").asLong(-5);
		long max = schema.path("maximum").asLong(min + 1000);
		return chance(90) ? min + (long) (this.random.nextDouble() * (max - min))
				: one(List.of(min - 1, max + 1, Long.MAX_VALUE));
	}

	private JsonNode anything(int depth) {
		return switch (this.random.nextInt((depth > 4) ? 5 : 7)) {
			case 0 -> this.jsonMapper.nullNode();
			case 1 -> this.jsonMapper.valueToTree(this.random.nextBoolean());
			case 2 -> this.jsonMapper.valueToTree(this.random.nextLong());
			case 3 -> this.jsonMapper.valueToTree(this.random.nextDouble() * 1e300);
			case 4 -> this.jsonMapper.valueToTree(text());
			case 5 -> this.jsonMapper.createArrayNode().add(anything(depth + 1));
			default -> this.jsonMapper.createObjectNode().set(text(), anything(depth + 1));
		};
	}

	private String text() {
		return switch (this.random.nextInt(4)) {
			case 0 -> one(NASTY);
			case 1 -> this.known.isEmpty() ? "x" : one(this.known);
			case 2 -> String.valueOf(this.random.nextInt(1000));
			default -> {
				StringBuilder text = new StringBuilder();
				for (int i = this.random.nextInt(20); i >= 0; i--) {
					// Of these half a surrogate pair would be lost on its way into UTF-8.
					text.append((char) (chance(90) ? 'a' + this.random.nextInt(26) : this.random.nextInt(0xd800)));
				}
				yield text.toString();
			}
		};
	}

	private static String encode(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
	}

	private boolean chance(int percent) {
		return this.random.nextInt(100) < percent;
	}

	private <T> T one(List<T> candidates) {
		return candidates.get(this.random.nextInt(candidates.size()));
	}

}
