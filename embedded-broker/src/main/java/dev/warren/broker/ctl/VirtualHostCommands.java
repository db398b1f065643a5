package dev.warren.broker.ctl;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Commands about virtual hosts, and about limits and policies, which are theirs mostly.
 */
final class VirtualHostCommands {

	private static final JsonMapper mapper = new JsonMapper();

	private static final Set<String> QUEUE_TYPES = Set.of("quorum", "classic", "stream");

	private VirtualHostCommands() {
	}

	static Stream<Command> commands() {
		return Stream.of(
				Command
					.of("add_vhost",
							"<vhost> [--description <description> --tags \"<tag1>,<tag2>,<...>\" "
									+ "--default-queue-type <quorum|classic|stream>]",
							"Creates a virtual host", 1, 1, VirtualHostCommands::addVirtualHost)
					.with("description", "tags", "default-queue-type"),
				Command.of("delete_vhost", "<vhost>", "Deletes a virtual host", 1, 1,
						VirtualHostCommands::deleteVirtualHost),
				Command.of("list_policies", "[--vhost <vhost>] [--no-table-headers]",
						"Lists all policies in a virtual host", 0, 0,
						listPolicies("Listing policies for vhost \"%s\" ...", "policies")),
				Command.of("list_operator_policies", "[--vhost <vhost>] [--no-table-headers]",
						"Lists operator policy overrides for a virtual host", 0, 0,
						listPolicies("Listing operator policy overrides for vhost \"%s\" ...", "operator-policies")),
				Command
					.of("set_policy",
							"[--vhost <vhost>] [--priority <priority>] [--apply-to <apply-to>] "
									+ "<name> <pattern> <definition>",
							"Sets or updates a policy", 3, 3, setPolicy("policy", "policies"))
					.with("priority", "apply-to"),
				Command
					.of("set_operator_policy",
							"[--vhost <vhost>] [--priority <priority>] [--apply-to <apply-to>] "
									+ "<name> <pattern> <definition>",
							"Sets a policy that overrides a subset of arguments in user policies", 3, 3,
							setPolicy("operator policy override", "operator-policies"))
					.with("priority", "apply-to"),
				Command.of("clear_policy", "[--vhost <vhost>] <name>", "Clears (removes) a policy", 1, 1,
						clearPolicy("policy", "policies")),
				Command.of("clear_operator_policy", "[--vhost <vhost>] <name>", "Clears an operator policy", 1, 1,
						clearPolicy("operator policy", "operator-policies")),
				Command.of("set_vhost_limits", "[--vhost <vhost>] <definition>", "Sets virtual host limits", 1, 1,
						VirtualHostCommands::setVirtualHostLimits),
				Command.of("clear_vhost_limits", "[--vhost <vhost>]", "Clears virtual host limits", 0, 0,
						VirtualHostCommands::clearVirtualHostLimits),
				Command.of("set_user_limits", "<username> <definition>", "Sets user limits", 2, 2,
						VirtualHostCommands::setUserLimits),
				Command.of("clear_user_limits", "<username> <limit_type> | all", "Clears user limits", 2, 2,
						VirtualHostCommands::clearUserLimits));
	}

	private static void addVirtualHost(Call call) {
		String name = call.argument(0);
		String type = call.option("default-queue-type", "");
		if (!type.isEmpty() && !QUEUE_TYPES.contains(type)) {
			throw CommandFailure
				.badArgument("Default queue type must be one of: quorum, stream, classic. Provided: " + type);
		}
		call.say("Adding vhost \"%s\" ...", name);
		if (call.api().find("vhosts", name) != null) {
			return;
		}
		Map<String, Object> definition = new LinkedHashMap<>();
		definition.put("description", call.option("description", ""));
		definition.put("tags", call.option("tags", ""));
		if (!type.isEmpty()) {
			definition.put("default_queue_type", type);
		}
		call.api().put(definition, "vhosts", name).orFail();
	}

	private static void deleteVirtualHost(Call call) {
		String name = call.argument(0);
		call.say("Deleting vhost \"%s\" ...", name);
		ManagementApi.Answer answer = call.api().delete("vhosts", name);
		if (answer.is(404)) {
			throw CommandFailure.noVirtualHost(name);
		}
		answer.orFail();
	}

	private static Command.Action listPolicies(String banner, String path) {
		return (call) -> {
			call.say(banner, call.virtualHost());
			Map<String, ListCommands.Column> columns = new LinkedHashMap<>();
			for (String name : List.of("vhost", "name", "pattern", "apply-to")) {
				columns.put(name, ListCommands.field(name));
			}
			// As text, in every format.
			columns.put("definition", (policy) -> Rows.Value
				.of(JsonNodeFactory.instance.stringNode(policy.path("definition").toString())));
			columns.put("priority", ListCommands.field("priority"));
			JsonNode policies = call.api().find(path, call.virtualHost());
			if (policies == null) {
				throw CommandFailure.noVirtualHost(call.virtualHost());
			}
			ListCommands.print(call, columns, policies);
		};
	}

	private static Command.Action setPolicy(String kind, String path) {
		return (call) -> {
			String priority = call.option("priority", "0");
			if (!priority.matches("-?\\d{1,9}")) {
				throw CommandFailure.usage("Invalid options for this command:\n--priority : " + priority);
			}
			call.say("Setting %s \"%s\" for pattern \"%s\" to \"%s\" with priority \"%s\" for vhost \"%s\" ...", kind,
					call.argument(0), call.argument(1), call.argument(2), priority, call.virtualHost());
			Map<String, Object> policy = Map.of("pattern", call.argument(1), "definition", json(call.argument(2)),
					"priority", Integer.valueOf(priority), "apply-to", call.option("apply-to", "all"));
			ManagementApi.Answer answer = call.api().put(policy, path, call.virtualHost(), call.argument(0));
			if (answer.is(404)) {
				throw CommandFailure.noVirtualHost(call.virtualHost());
			}
			answer.orFail();
		};
	}

	private static Command.Action clearPolicy(String kind, String path) {
		return (call) -> {
			call.say("Clearing %s \"%s\" on vhost \"%s\" ...", kind, call.argument(0), call.virtualHost());
			ManagementApi.Answer answer = call.api().delete(path, call.virtualHost(), call.argument(0));
			if (answer.is(404)) {
				throw CommandFailure.error(CommandFailure.UNAVAILABLE, "Parameter does not exist");
			}
			answer.orFail();
		};
	}

	private static void setVirtualHostLimits(Call call) {
		call.say("Setting vhost limits to \"%s\" for vhost \"%s\" ...", call.argument(0), call.virtualHost());
		JsonNode limits = json(call.argument(0));
		requireVirtualHost(call);
		set(call, limits, "vhost-limits", call.virtualHost());
		clear(call, (name) -> !limits.has(name), "vhost-limits", call.virtualHost());
	}

	private static void clearVirtualHostLimits(Call call) {
		call.say("Clearing vhost \"%s\" limits ...", call.virtualHost());
		requireVirtualHost(call);
		clear(call, (name) -> true, "vhost-limits", call.virtualHost());
	}

	private static void requireVirtualHost(Call call) {
		if (call.api().find("vhosts", call.virtualHost()) == null) {
			throw CommandFailure.noVirtualHost(call.virtualHost());
		}
	}

	private static void setUserLimits(Call call) {
		String user = call.argument(0);
		call.say("Setting user limits to \"%s\" for user \"%s\" ...", call.argument(1), user);
		JsonNode limits = json(call.argument(1));
		requireUser(call, user);
		set(call, limits, "user-limits", user);
	}

	private static void clearUserLimits(Call call) {
		String user = call.argument(0);
		String limit = call.argument(1);
		if (limit.equals("all")) {
			call.say("Clearing all limits for user \"%s\" ...", user);
		}
		else {
			call.say("Clearing \"%s\" limit for user \"%s\" ...", limit, user);
		}
		requireUser(call, user);
		clear(call, (name) -> limit.equals("all") || limit.equals(name), "user-limits", user);
	}

	private static void requireUser(Call call, String user) {
		if (call.api().find("users", user) == null) {
			throw CommandFailure.error(CommandFailure.UNAVAILABLE, "{:no_such_user, \"" + user + "\"}");
		}
	}

	private static void set(Call call, JsonNode limits, String path, String owner) {
		limits.properties()
			.forEach(
					(limit) -> call.api().put(Map.of("value", limit.getValue()), path, owner, limit.getKey()).orFail());
	}

	private static void clear(Call call, Predicate<String> wanted, String path, String owner) {
		JsonNode present = call.api().find(path, owner);
		if (present == null) {
			return;
		}
		for (JsonNode limits : present) {
			limits.path("value").propertyNames().stream().filter(wanted).forEach((name) -> {
				call.api().delete(path, owner, name).orFail();
			});
		}
	}

	private static JsonNode json(String text) {
		try {
			return mapper.readTree(text);
		}
		catch (JacksonException ex) {
			throw CommandFailure.error(CommandFailure.UNAVAILABLE,
					"Could not parse JSON document: {error,{failed_to_decode_json,<<\"" + text + "\">>}}");
		}
	}

}
