package dev.warren.broker.definitions;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.PatternSyntaxException;

import dev.warren.broker.rabbitmq.access.Permissions;
import dev.warren.broker.rabbitmq.definitions.DefinitionFormat;
import dev.warren.broker.rabbitmq.definitions.Definitions;
import dev.warren.broker.rabbitmq.definitions.GlobalParameter;
import dev.warren.broker.rabbitmq.definitions.Parameter;
import dev.warren.broker.rabbitmq.definitions.PasswordHash;
import dev.warren.broker.rabbitmq.definitions.Permission;
import dev.warren.broker.rabbitmq.definitions.Policy;
import dev.warren.broker.rabbitmq.definitions.TopicPermission;
import dev.warren.broker.rabbitmq.definitions.User;
import dev.warren.broker.rabbitmq.definitions.VirtualHostDefinition;
import dev.warren.broker.rabbitmq.policy.PolicyReader;
import dev.warren.broker.rabbitmq.wire.Dialect;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The users, virtual hosts, permissions, parameters and policies of an import, read and
 * checked before any of it is defined.
 */
final class ImportedDefinitions {

	private static final Logger logger = LoggerFactory.getLogger(ImportedDefinitions.class);

	private static final JsonMapper mapper = new JsonMapper();

	private final Dialect dialect;

	private final List<VirtualHostDefinition> newVirtualHosts = new ArrayList<>();

	private final List<Parameter> limits = new ArrayList<>();

	private final List<Policy> operatorPolicies = new ArrayList<>();

	private final List<UnaryOperator<Definitions>> changes = new ArrayList<>();

	private Definitions planned;

	/**
	 * @param before what is defined already
	 * @throws IllegalArgumentException if something is not what it has to be
	 */
	ImportedDefinitions(Definitions before, Dialect dialect, JsonNode json) {
		this.planned = before;
		this.dialect = dialect;
		List<VirtualHostDefinition> virtualHosts = read(json, "vhosts", this::virtualHost);
		plan((definitions) -> definitions.withVirtualHosts((table) -> table.with(virtualHosts)));
		List<User> users = read(json, "users", ImportedDefinitions::user);
		plan((definitions) -> definitions.withUsers((table) -> table.with(users)));
		List<Permission> permissions = read(json, "permissions", this::permission);
		plan((definitions) -> definitions.withPermissions((table) -> table.with(permissions)));
		List<TopicPermission> topicPermissions = read(json, "topic_permissions", this::topicPermission);
		plan((definitions) -> definitions.withTopicPermissions((table) -> table.with(topicPermissions)));
		json.path("parameters").forEach(this::parameter);
		plan((definitions) -> definitions.withParameters((table) -> table.with(this.limits)));
		List<GlobalParameter> globalParameters = read(json, "global_parameters", DefinitionFormat::globalParameter);
		plan((definitions) -> definitions.withGlobalParameters((table) -> table.with(globalParameters)));
		List<Policy> policies = read(json, "policies", (one) -> policy(one, false));
		plan((definitions) -> definitions.withPolicies((table) -> table.with(policies)));
		this.operatorPolicies.addAll(read(json, "operator_policies", (one) -> policy(one, true)));
		plan((definitions) -> definitions.withOperatorPolicies((table) -> table.with(this.operatorPolicies)));
	}

	private static <D> List<D> read(JsonNode json, String kind, Function<JsonNode, D> reader) {
		List<D> read = new ArrayList<>();
		json.path(kind).forEach((one) -> read.add(reader.apply(one)));
		return read;
	}

	/**
	 * What is defined when all is.
	 */
	Definitions planned() {
		return this.planned;
	}

	List<VirtualHostDefinition> newVirtualHosts() {
		return this.newVirtualHosts;
	}

	/**
	 * Defines all.
	 */
	Definitions addTo(Definitions definitions) {
		Definitions changed = definitions;
		for (UnaryOperator<Definitions> change : this.changes) {
			changed = change.apply(changed);
		}
		return changed;
	}

	private void plan(UnaryOperator<Definitions> change) {
		this.changes.add(change);
		this.planned = change.apply(this.planned);
	}

	private VirtualHostDefinition virtualHost(JsonNode json) {
		VirtualHostDefinition virtualHost = DefinitionFormat.virtualHost(json);
		if (this.planned.virtualHosts().get(virtualHost.name()) == null) {
			this.newVirtualHosts.add(virtualHost);
		}
		if (!json.path("limits").isEmpty()) {
			this.limits.add(VirtualHostLimits.read(virtualHost.name(), json.path("limits")));
		}
		return virtualHost;
	}

	private static User user(JsonNode json) {
		if (!json.has("tags")) {
			throw new IllegalArgumentException("tags_not_present");
		}
		User user = DefinitionFormat.user(json);
		JsonNode password = json.path("password");
		return (password.isString() && user.password() == null)
				? user.withPassword(PasswordHash.of(password.asString())) : user;
	}

	private Permission permission(JsonNode json) {
		Permission permission = DefinitionFormat.permission(json);
		check(permission.virtualHost(), permission.user(), permission.configure(), permission.write(),
				permission.read());
		return permission;
	}

	private TopicPermission topicPermission(JsonNode json) {
		TopicPermission permission = DefinitionFormat.topicPermission(json);
		check(permission.virtualHost(), permission.user(), permission.write(), permission.read());
		return permission;
	}

	private void check(String virtualHost, String user, String... expressions) {
		checkThere(virtualHost);
		if (this.planned.users().get(user) == null) {
			throw new IllegalArgumentException("{no_such_user,<<\"" + user + "\">>}");
		}
		for (String expression : expressions) {
			try {
				Permissions.check(expression, user, virtualHost);
			}
			catch (PatternSyntaxException ex) {
				throw new IllegalArgumentException(
						"{invalid_regexp,\"%s\",{\"%s\",%d}}".formatted(expression, ex.getDescription(), ex.getIndex()),
						ex);
			}
		}
	}

	private void checkThere(String virtualHost) {
		checkThere(this.planned, virtualHost);
	}

	static void checkThere(Definitions definitions, String virtualHost) {
		if (definitions.virtualHosts().get(virtualHost) == null) {
			throw new IllegalArgumentException(
					"Please create virtual host \"" + virtualHost + "\" prior to importing definitions.");
		}
	}

	private void parameter(JsonNode json) {
		Parameter parameter = DefinitionFormat.parameter(json);
		checkThere(parameter.virtualHost());
		String place = " (vhost: \"%s\" / component: \"%s\" / key: \"%s\")".formatted(parameter.virtualHost(),
				parameter.component(), parameter.name());
		switch (parameter.component()) {
			case Definitions.VIRTUAL_HOST_LIMITS ->
				this.limits.add(VirtualHostLimits.read(parameter.virtualHost(), json.path("value")));
			case DefinitionExport.OPERATOR_POLICY -> this.operatorPolicies
				.add(policy(parameter.virtualHost(), parameter.name(), json.path("value"), true, place));
			default -> logger.warn(
					"The imported parameter '{}' of component '{}' in vhost '{}' is left out: "
							+ "the broker has no such component",
					parameter.name(), parameter.component(), parameter.virtualHost());
		}
	}

	private Policy policy(JsonNode json, boolean operator) {
		Policy named = DefinitionFormat.policy(json);
		checkThere(named.virtualHost());
		return policy(named.virtualHost(), named.name(), json, operator,
				" (vhost: \"%s\" key: \"%s\")".formatted(named.virtualHost(), named.name()));
	}

	private Policy policy(String virtualHost, String name, JsonNode json, boolean operator, String place) {
		try {
			return PolicyReader.read(virtualHost, name, map(json), operator, this.dialect);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(ex.getMessage() + place, ex);
		}
	}

	private static Map<String, @Nullable Object> map(JsonNode json) {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		json.properties().forEach((one) -> map.put(one.getKey(), mapper.treeToValue(one.getValue(), Object.class)));
		return map;
	}

}
