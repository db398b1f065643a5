package dev.warren.broker.ctl;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Commands about the broker as a whole, and those that do something to one queue or
 * connection.
 */
final class BrokerCommands {

	private static final JsonMapper mapper = new JsonMapper();

	private BrokerCommands() {
	}

	static Stream<Command> commands() {
		return Stream.of(
				Command.of("version", "", "Displays the version of RabbitMQ that the broker behaves as", 0, 0,
						BrokerCommands::version),
				Command.of("ping", "", "Checks that the broker answers", 0, 0, BrokerCommands::ping),
				Command.of("status", "", "Displays status of the broker", 0, 0, BrokerCommands::status),
				Command
					.of("export_definitions", "<file_path | \"-\">", "Exports definitions in JSON", 1, 1,
							BrokerCommands::exportDefinitions)
					.with("format"),
				Command
					.of("import_definitions", "<file_path | \"-\">", "Imports definitions in JSON", 1, 1,
							BrokerCommands::importDefinitions)
					.with("format", "skip-if-unchanged"),
				Command.of("backup", "<directory>", "Copies the data directory while the broker is at work", 1, 1,
						BrokerCommands::backUp),
				Command.of("purge_queue", "[--vhost <vhost>] <queue>", "Purges a queue (removes all messages in it)", 1,
						1, BrokerCommands::purgeQueue),
				Command
					.of("delete_queue", "[--vhost <vhost>] <queue_name> [--if-empty|-e] [--if-unused|-u]",
							"Deletes a queue", 1, 1, BrokerCommands::deleteQueue)
					.with("if-empty", "if-unused"),
				Command.of("close_connection", "<connection pid> <explanation>", "Closes a connection", 2, 2,
						BrokerCommands::closeConnection),
				Command
					.of("close_all_connections", "[--vhost <vhost>] [--global] <explanation>",
							"Closes all connections of a virtual host", 1, 1, BrokerCommands::closeAllConnections)
					.with("global"));
	}

	private static void version(Call call) {
		call.print(call.api().get("overview").path("rabbitmq_version").asString(""));
	}

	private static void ping(Call call) {
		call.say("Will ping the broker. This only checks if it answers.");
		call.api().get("whoami");
		call.print("Ping succeeded");
	}

	private static void backUp(Call call) {
		String directory = Path.of(call.argument(0)).toAbsolutePath().toString();
		call.say("Copying the data directory to \"%s\" ...", directory);
		call.api().post(Map.of("directory", directory), "backup").orFail();
	}

	private static void status(Call call) {
		JsonNode overview = call.api().get("overview");
		JsonNode node = call.api().get("nodes", overview.path("node").asString(""));
		if (call.format() == Format.JSON) {
			Map<String, Object> status = new LinkedHashMap<>();
			status.put("pid", node.path("os_pid"));
			status.put("uptime", node.path("uptime").asLong(0) / 1000);
			status.put("rabbitmq_version", overview.path("rabbitmq_version"));
			status.put("product_name", overview.path("product_name"));
			status.put("product_version", overview.path("product_version"));
			status.put("listeners", overview.path("listeners"));
			status.put("memory", Map.of("total", node.path("mem_used"), "limit", node.path("mem_limit")));
			status.put("disk_free", node.path("disk_free"));
			status.put("disk_free_limit", node.path("disk_free_limit"));
			status.put("totals", overview.path("object_totals"));
			call.print(mapper.writeValueAsString(status));
			return;
		}
		call.say("Status of node %s ...", overview.path("node").asString(""));
		call.print("Runtime\n");
		call.print("OS PID: " + node.path("os_pid").asString(""));
		call.print("Uptime (seconds): " + node.path("uptime").asLong(0) / 1000);
		call.print("Product name: " + overview.path("product_name").asString(""));
		call.print("RabbitMQ version: " + overview.path("rabbitmq_version").asString(""));
		call.print("Node name: " + overview.path("node").asString(""));
		call.print("\nData directory\n");
		call.print("Node data directory: " + node.path("db_dir").asString(""));
		call.print("\nAlarms\n");
		alarms(call, node);
		call.print("\nMemory\n");
		call.print("Total memory used: " + gigabytes(node.path("mem_used")));
		call.print("Memory high watermark, computed to: " + gigabytes(node.path("mem_limit")));
		call.print("\nFile Descriptors\n");
		call.print("Total: " + node.path("fd_used").asLong(0) + ", limit: " + node.path("fd_total").asLong(0));
		call.print("\nFree Disk Space\n");
		call.print("Low free disk space watermark: " + gigabytes(node.path("disk_free_limit")));
		call.print("Free disk space: " + gigabytes(node.path("disk_free")));
		call.print("\nTotals\n");
		call.print("Connection count: " + overview.at("/object_totals/connections").asLong(0));
		call.print("Queue count: " + overview.at("/object_totals/queues").asLong(0));
		call.print("Virtual host count: " + call.api().get("vhosts").size());
		call.print("\nListeners\n");
		for (JsonNode listener : overview.path("listeners")) {
			call.print("Interface: %s, port: %d, protocol: %s".formatted(listener.path("ip_address").asString(""),
					listener.path("port").asInt(0), listener.path("protocol").asString("")));
		}
	}

	private static void alarms(Call call, JsonNode node) {
		boolean memory = node.path("mem_alarm").asBoolean(false);
		boolean disk = node.path("disk_free_alarm").asBoolean(false);
		if (memory) {
			call.print("Memory alarm on node " + node.path("name").asString(""));
		}
		if (disk) {
			call.print("Free disk space alarm on node " + node.path("name").asString(""));
		}
		if (!memory && !disk) {
			call.print("(none)");
		}
	}

	private static String gigabytes(JsonNode bytes) {
		return BigDecimal.valueOf(bytes.asLong(0), 9).setScale(4, RoundingMode.HALF_UP) + " gb";
	}

	private static void exportDefinitions(Call call) {
		String target = call.argument(0);
		if (target.equals("-")) {
			call.print(call.api().get("definitions").toString());
			return;
		}
		Path file = Path.of(target);
		Path directory = file.toAbsolutePath().getParent();
		if (directory == null || !Files.isDirectory(directory)) {
			throw CommandFailure.badArgument("Directory " + directory + " does not exist");
		}
		call.say("Exporting definitions in JSON to a file at \"%s\" ...", target);
		byte[] definitions = mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(call.api().get("definitions"));
		try {
			// The hashes of passwords are in it.
			OwnersFile.write(file, definitions);
		}
		catch (IOException ex) {
			throw CommandFailure.error(CommandFailure.UNAVAILABLE, "'" + target + "' cannot be written: " + ex);
		}
	}

	private static void importDefinitions(Call call) {
		String source = call.argument(0);
		byte[] text;
		try {
			if (source.equals("-")) {
				call.say("Importing definitions in JSON from standard input ...");
				text = System.in.readAllBytes();
			}
			else if (Files.isRegularFile(Path.of(source))) {
				call.say("Importing definitions in JSON from a file at \"%s\" ...", source);
				text = Files.readAllBytes(Path.of(source));
			}
			else {
				throw CommandFailure.badArgument("File " + source + " does not exist");
			}
		}
		catch (IOException ex) {
			throw CommandFailure.error(CommandFailure.DATA_ERROR, "'" + source + "' cannot be read: " + ex);
		}
		JsonNode definitions;
		try {
			definitions = mapper.readTree(text);
		}
		catch (JacksonException ex) {
			throw CommandFailure.error(CommandFailure.DATA_ERROR,
					"Failed to deserialise input (format: JSON) (error: " + ex.getOriginalMessage() + ")");
		}
		call.api().post(definitions, "definitions").orFail();
		call.say("Successfully imported the definitions.");
	}

	private static void purgeQueue(Call call) {
		call.say("Purging queue '%s' in vhost '%s' ...", call.argument(0), call.virtualHost());
		ManagementApi.Answer answer = call.api().delete("queues", call.virtualHost(), call.argument(0), "contents");
		if (answer.is(404)) {
			throw new CommandFailure(CommandFailure.DATA_ERROR, "Object (queue, stream, exchange, etc) was not found");
		}
		answer.orFail();
	}

	private static void deleteQueue(Call call) {
		String name = call.argument(0);
		boolean ifEmpty = call.has("if-empty");
		boolean ifUnused = call.has("if-unused");
		String condition = (ifEmpty ? " if queue is empty" : "") + (ifUnused ? " if queue is unused" : "");
		call.say("Deleting queue '%s' on vhost '%s'%s ...", name, call.virtualHost(), condition);
		JsonNode queue = call.api().find("queues", call.virtualHost(), name);
		if (queue == null) {
			throw CommandFailure.error(CommandFailure.USAGE, "No such queue was found");
		}
		ManagementApi.Answer answer = call.api()
			.deleteQueue(call.virtualHost(), name, "?if-empty=" + ifEmpty + "&if-unused=" + ifUnused);
		if (answer.is(400)) {
			throw CommandFailure.error(CommandFailure.UNAVAILABLE,
					"{:amqp_error, :precondition_failed, ~c\"" + answer.reason() + "\", :none}");
		}
		answer.orFail();
		call.print("Queue was successfully deleted with %d ready messages"
			.formatted(queue.path("messages_ready").asLong(0)));
	}

	private static void closeConnection(Call call) {
		String pid = call.argument(0);
		call.say("Closing connection %s, reason: %s...", pid, call.argument(1));
		boolean bracketed = pid.startsWith("<") && pid.endsWith(">");
		String name = bracketed ? pid.substring(1, pid.length() - 1) : pid;
		ManagementApi.Answer answer = call.api().close(name, call.argument(1));
		// One that was listed may be gone meanwhile.
		if (answer.is(404) && bracketed) {
			return;
		}
		if (answer.is(404)) {
			throw CommandFailure.error(CommandFailure.UNAVAILABLE, "Error:\n{:invalid_pid_syntax, \"" + pid + "\"}");
		}
		answer.orFail();
	}

	private static void closeAllConnections(Call call) {
		boolean global = call.has("global");
		String where = global ? "" : " in vhost " + call.virtualHost();
		call.say("Closing all connections%s, reason: %s...", where, call.argument(0));
		int closed = 0;
		for (JsonNode connection : call.api().get("connections")) {
			if (global || connection.path("vhost").asString("").equals(call.virtualHost())) {
				ManagementApi.Answer answer = call.api().close(connection.path("name").asString(""), call.argument(0));
				if (!answer.is(404)) {
					answer.orFail();
					closed++;
				}
			}
		}
		call.print("Closed " + closed + " connections");
	}

}
