package dev.warren.broker.ctl;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.warren.broker.ctl.ListCommands.Column;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Commands about users, their tags and permissions.
 */
final class UserCommands {

	private static final String PASSWORD = "password";

	private UserCommands() {
	}

	static Stream<Command> commands() {
		return Stream.of(
				Command.of("list_users", "[--no-table-headers]", "List user names and tags", 0, 0,
						UserCommands::listUsers),
				Command.of("add_user", "<username> [<password>] [<password_hash> --pre-hashed-password]",
						"Creates a new user. It has no permissions for any virtual host", 1, 2, UserCommands::addUser)
					.with("pre-hashed-password"),
				Command.of("delete_user", "<username>", "Removes a user", 1, 1, UserCommands::deleteUser),
				Command.of("change_password", "<username> [<password>]", "Changes the user password", 1, 2,
						UserCommands::changePassword),
				Command.of("clear_password", "<username>", "Clears a user's password, and disables password login", 1,
						1, UserCommands::clearPassword),
				Command.of("authenticate_user", "<username> [<password>]",
						"Attempts to authenticate a user. Exits with a non-zero code if authentication fails", 1, 2,
						UserCommands::authenticateUser),
				Command.of("set_user_tags", "<username> <tag> [...]", "Sets user tags", 1, Command.ANY_NUMBER,
						UserCommands::setTags),
				Command.of("list_permissions", "[--vhost <vhost>] [--no-table-headers]",
						"Lists user permissions in a virtual host", 0, 0, UserCommands::listPermissions),
				Command.of("list_user_permissions", "[--no-table-headers] <username>",
						"Lists permissions of a user across all virtual hosts", 1, 1,
						UserCommands::listUserPermissions),
				Command.of("set_permissions", "[--vhost <vhost>] <username> <conf> <write> <read>",
						"Sets user permissions for a vhost", 4, 4, UserCommands::setPermissions),
				Command.of("clear_permissions", "[--vhost <vhost>] <username>", "Revokes user permissions for a vhost",
						1, 1, UserCommands::clearPermissions),
				Command.of("list_topic_permissions", "[--vhost <vhost>] [--no-table-headers]",
						"Lists topic permissions in a virtual host", 0, 0, UserCommands::listTopicPermissions),
				Command.of("list_user_topic_permissions", "[--no-table-headers] <username>",
						"Lists user topic permissions", 1, 1, UserCommands::listUserTopicPermissions),
				Command.of("set_topic_permissions", "[--vhost <vhost>] <username> <exchange> <write> <read>",
						"Sets user topic permissions for an exchange", 4, 4, UserCommands::setTopicPermissions),
				Command.of("clear_topic_permissions", "[--vhost <vhost>] <username> [<exchange>]",
						"Clears user topic permissions for a vhost or exchange", 1, 2,
						UserCommands::clearTopicPermissions));
	}

	private static void listUsers(Call call) {
		call.say("Listing users ...");
		Map<String, Column> columns = new LinkedHashMap<>();
		columns.put("user", ListCommands.field("name"));
		columns.put("tags", ListCommands.field("tags"));
		ListCommands.print(call, columns, call.api().get("users"));
	}

	private static void addUser(Call call) {
		String name = call.argument(0);
		call.say("Adding user \"%s\" ...", name);
		String password = password(call);
		if (call.api().find("users", name) != null) {
			throw CommandFailure.error(CommandFailure.SOFTWARE, "User \"" + name + "\" already exists");
		}
		String key = call.has("pre-hashed-password") ? "password_hash" : PASSWORD;
		call.api().put(Map.of(key, password, "tags", ""), "users", name).orFail();
		call.say("Done. Don't forget to grant the user permissions to some virtual hosts! "
				+ "See 'warrenctl help set_permissions' to learn more.");
	}

	private static void deleteUser(Call call) {
		call.say("Deleting user \"%s\" ...", call.argument(0));
		ManagementApi.Answer answer = call.api().delete("users", call.argument(0));
		if (!answer.is(404)) {
			answer.orFail();
		}
	}

	private static void changePassword(Call call) {
		call.say("Changing password for user \"%s\" ...", call.argument(0));
		change(call, Map.of(PASSWORD, password(call)));
	}

	private static void clearPassword(Call call) {
		call.say("Clearing password for user \"%s\" ...", call.argument(0));
		change(call, Map.of("password_hash", ""));
	}

	private static void setTags(Call call) {
		List<String> tags = call.arguments().subList(1, call.arguments().size());
		call.say("Setting tags for user \"%s\" to [%s] ...", call.argument(0), String.join(", ", tags));
		change(call, Map.of("tags", String.join(",", tags)));
	}

	/** Changes one thing of a user: the API takes a user as a whole. */
	private static void change(Call call, Map<String, Object> change) {
		String name = call.argument(0);
		JsonNode user = existing(call, name);
		Map<String, Object> whole = new LinkedHashMap<>();
		whole.put("tags", user.path("tags"));
		if (!change.containsKey(PASSWORD)) {
			whole.put("password_hash", user.path("password_hash"));
			if (user.path("hashing_algorithm").isString()) {
				whole.put("hashing_algorithm", user.path("hashing_algorithm"));
			}
		}
		whole.putAll(change);
		call.api().put(whole, "users", name).orFail();
	}

	private static JsonNode existing(Call call, String name) {
		JsonNode user = call.api().find("users", name);
		if (user == null) {
			throw CommandFailure.error(CommandFailure.NO_USER, "User \"" + name + "\" does not exist");
		}
		return user;
	}

	private static void authenticateUser(Call call) {
		String name = call.argument(0);
		call.say("Authenticating user \"%s\" ...", name);
		if (!call.api().knows(name, password(call))) {
			throw CommandFailure.error(CommandFailure.DATA_ERROR,
					"Error: failed to authenticate user \"%s\"\nuser '%s' - invalid credentials".formatted(name, name));
		}
		call.print("Success");
	}

	private static void listPermissions(Call call) {
		call.say("Listing permissions for vhost \"%s\" ...", call.virtualHost());
		ListCommands.print(call, columns("user", "configure", "write", "read"), ofVirtualHost(call, "permissions"));
	}

	private static void listTopicPermissions(Call call) {
		call.say("Listing topic permissions for vhost \"%s\" ...", call.virtualHost());
		ListCommands.print(call, columns("user", "exchange", "write", "read"),
				ofVirtualHost(call, "topic-permissions"));
	}

	private static JsonNode ofVirtualHost(Call call, String what) {
		JsonNode permissions = call.api().find("vhosts", call.virtualHost(), what);
		if (permissions == null) {
			throw CommandFailure.noVirtualHost(call.virtualHost());
		}
		return permissions;
	}

	private static void listUserPermissions(Call call) {
		call.say("Listing permissions for user \"%s\" ...", call.argument(0));
		ListCommands.print(call, columns("vhost", "configure", "write", "read"), ofUser(call, "permissions"));
	}

	private static void listUserTopicPermissions(Call call) {
		call.say("Listing topic permissions for user \"%s\" ...", call.argument(0));
		ListCommands.print(call, columns("vhost", "exchange", "write", "read"), ofUser(call, "topic-permissions"));
	}

	private static JsonNode ofUser(Call call, String what) {
		JsonNode permissions = call.api().find("users", call.argument(0), what);
		if (permissions == null) {
			throw CommandFailure.error(CommandFailure.UNAVAILABLE, "{:no_such_user, \"" + call.argument(0) + "\"}");
		}
		return permissions;
	}

	private static Map<String, Column> columns(String... names) {
		Map<String, Column> columns = new LinkedHashMap<>();
		for (String name : names) {
			columns.put(name, ListCommands.field(name));
		}
		return columns;
	}

	private static void setPermissions(Call call) {
		call.say("Setting permissions for user \"%s\" in vhost \"%s\" ...", call.argument(0), call.virtualHost());
		requireUserAndVirtualHost(call);
		call.api()
			.put(Map.of("configure", call.argument(1), "write", call.argument(2), "read", call.argument(3)),
					"permissions", call.virtualHost(), call.argument(0))
			.orFail();
	}

	private static void setTopicPermissions(Call call) {
		call.say("Setting topic permissions on \"%s\" for user \"%s\" in vhost \"%s\" ...", call.argument(1),
				call.argument(0), call.virtualHost());
		requireUserAndVirtualHost(call);
		call.api()
			.put(Map.of("exchange", call.argument(1), "write", call.argument(2), "read", call.argument(3)),
					"topic-permissions", call.virtualHost(), call.argument(0))
			.orFail();
	}

	private static void requireUserAndVirtualHost(Call call) {
		if (call.api().find("users", call.argument(0)) == null) {
			throw CommandFailure.error(CommandFailure.NO_USER, "User " + call.argument(0) + " does not exist");
		}
		if (call.api().find("vhosts", call.virtualHost()) == null) {
			throw CommandFailure.error(CommandFailure.UNAVAILABLE,
					"Virtual host " + call.virtualHost() + " does not exist");
		}
	}

	private static void clearPermissions(Call call) {
		call.say("Clearing permissions for user \"%s\" in vhost \"%s\" ...", call.argument(0), call.virtualHost());
		clear(call, "permissions", call.virtualHost(), call.argument(0));
	}

	private static void clearTopicPermissions(Call call) {
		String user = call.argument(0);
		if (call.arguments().size() > 1) {
			call.say("Clearing topic permissions on \"%s\" for user \"%s\" in vhost \"%s\" ...", call.argument(1), user,
					call.virtualHost());
			clear(call, "topic-permissions", call.virtualHost(), user, call.argument(1));
			return;
		}
		call.say("Clearing topic permissions for user \"%s\" in vhost \"%s\" ...", user, call.virtualHost());
		clear(call, "topic-permissions", call.virtualHost(), user);
	}

	private static void clear(Call call, String... path) {
		ManagementApi.Answer answer = call.api().delete(path);
		if (!answer.is(404)) {
			answer.orFail();
		}
	}

	/** The one on the command line; else it is asked for, or read. */
	private static String password(Call call) {
		if (call.arguments().size() > 1) {
			return call.argument(1);
		}
		String password = readPassword();
		if (password == null || password.isEmpty()) {
			throw CommandFailure.error(CommandFailure.DATA_ERROR, "Password is not provided via argument or stdin");
		}
		return password;
	}

	private static @Nullable String readPassword() {
		// Since Java 22, there is a console without a terminal too.
		if (System.console() != null) {
			char[] typed = System.console().readPassword("Password: ");
			return (typed != null) ? new String(typed) : null;
		}
		try {
			return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
