package dev.warren.broker.rabbitmq.definitions;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Definitions in the JSON in which RabbitMQ exports them.
 *
 * @see <a href="https://www.rabbitmq.com/docs/definitions">Definitions</a>
 */
public final class DefinitionFormat {

	private static final JsonMapper mapper = new JsonMapper();

	private DefinitionFormat() {
	}

	/**
	 * Everything, by the names that RabbitMQ has for the kinds.
	 */
	public static Map<String, @Nullable Object> toMap(Definitions definitions) {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("users", maps(definitions.users().all()));
		map.put("vhosts", maps(definitions.virtualHosts().all()));
		map.put("permissions", maps(definitions.permissions().all()));
		map.put("topic_permissions", maps(definitions.topicPermissions().all()));
		map.put("parameters", maps(definitions.parameters().all()));
		map.put("global_parameters", maps(definitions.globalParameters().all()));
		map.put("policies", maps(definitions.policies().all()));
		map.put("operator_policies", maps(definitions.operatorPolicies().all()));
		return map;
	}

	private static List<Map<String, @Nullable Object>> maps(Collection<? extends Definition> definitions) {
		return definitions.stream().map(Definition::toMap).toList();
	}

	/**
	 * Reads what {@link #toMap} makes.
	 * @throws IllegalArgumentException if something is not what it has to be
	 */
	public static Definitions read(JsonNode json) {
		return new Definitions(table(json, "users", DefinitionFormat::user),
				table(json, "vhosts", DefinitionFormat::virtualHost),
				table(json, "permissions", DefinitionFormat::permission),
				table(json, "topic_permissions", DefinitionFormat::topicPermission),
				table(json, "policies", DefinitionFormat::policy),
				table(json, "operator_policies", DefinitionFormat::policy),
				table(json, "parameters", DefinitionFormat::parameter),
				table(json, "global_parameters", DefinitionFormat::globalParameter));
	}

	private static <D extends Definition> Table<D> table(JsonNode json, String kind, Function<JsonNode, D> reader) {
		List<D> read = new ArrayList<>();
		json.path(kind).forEach((one) -> read.add(reader.apply(one)));
		return Table.of(read);
	}

	/**
	 * A user, with a hash of a password or without any.
	 */
	public static User user(JsonNode json) {
		String hash = json.path("password_hash").asString("");
		String algorithm = json.path("hashing_algorithm").asString(PasswordHash.Algorithm.SHA_256.id());
		Map<String, Integer> limits = new LinkedHashMap<>();
		json.path("limits").properties().forEach((one) -> limits.put(one.getKey(), one.getValue().asInt()));
		return new User(text(json, "name"),
				hash.isEmpty() ? null : new PasswordHash(PasswordHash.Algorithm.of(algorithm), hash),
				texts(json.path("tags")), limits);
	}

	/**
	 * Texts in a list or, as in older exports, separated by commas.
	 */
	public static List<String> texts(JsonNode json) {
		if (json.isString()) {
			return List.of(json.asString().split(","))
				.stream()
				.map(String::strip)
				.filter((one) -> !one.isEmpty())
				.toList();
		}
		List<String> texts = new ArrayList<>();
		json.forEach((one) -> texts.add(one.asString()));
		return texts;
	}

	public static VirtualHostDefinition virtualHost(JsonNode json) {
		JsonNode metadata = json.path("metadata");
		String type = json.path("default_queue_type")
			.asString(metadata.path("default_queue_type").asString("undefined"));
		return new VirtualHostDefinition(text(json, "name"),
				json.path("description").asString(metadata.path("description").asString("")),
				texts(json.has("tags") ? json.path("tags") : metadata.path("tags")),
				type.equals("undefined") ? null : type, json.path("protected_from_deletion")
					.asBoolean(metadata.path("protected_from_deletion").asBoolean(false)));
	}

	public static Permission permission(JsonNode json) {
		return new Permission(text(json, "vhost"), text(json, "user"), text(json, "configure"), text(json, "write"),
				text(json, "read"));
	}

	public static TopicPermission topicPermission(JsonNode json) {
		return new TopicPermission(text(json, "vhost"), text(json, "user"), text(json, "exchange"), text(json, "write"),
				text(json, "read"));
	}

	public static Policy policy(JsonNode json) {
		Map<String, Object> definition = new LinkedHashMap<>();
		json.path("definition").properties().forEach((one) -> definition.put(one.getKey(), value(one.getValue())));
		return new Policy(text(json, "vhost"), text(json, "name"), text(json, "pattern"),
				json.path("apply-to").asString("all"), definition, json.path("priority").asInt(0));
	}

	public static Parameter parameter(JsonNode json) {
		return new Parameter(text(json, "vhost"), text(json, "component"), text(json, "name"),
				value(json.path("value")));
	}

	public static GlobalParameter globalParameter(JsonNode json) {
		return new GlobalParameter(text(json, "name"), value(json.path("value")));
	}

	private static String text(JsonNode json, String field) {
		JsonNode value = json.path(field);
		if (!value.isString()) {
			throw new IllegalArgumentException("'%s' is missing, or not a text".formatted(field));
		}
		return value.asString();
	}

	private static Object value(JsonNode json) {
		return mapper.treeToValue(json, Object.class);
	}

}
