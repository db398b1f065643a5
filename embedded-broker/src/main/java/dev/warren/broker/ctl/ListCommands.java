package dev.warren.broker.ctl;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.warren.broker.ctl.Rows.Value;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.StringNode;

/**
 * Commands that list what is in the broker, in columns that the caller chooses.
 */
final class ListCommands {

	private static final Map<String, Column> QUEUES = columns(
			"name durable auto_delete policy operator_policy effective_policy_definition exclusive "
					+ "exclusive_consumer_tag messages_ready messages_unacknowledged messages messages_ready_ram "
					+ "messages_unacknowledged_ram messages_ram messages_persistent message_bytes message_bytes_ready "
					+ "message_bytes_unacknowledged message_bytes_ram message_bytes_persistent head_message_timestamp "
					+ "disk_reads disk_writes consumers consumer_utilisation consumer_capacity memory state type leader "
					+ "members online",
			Map.of("arguments", table("arguments"), "pid", (queue) -> Value.of(null), "owner_pid",
					(queue) -> pid(queue.at("/owner_pid_details/name")), "exclusive_consumer_pid",
					(queue) -> Value.of(null)));

	private static final Map<String, Column> EXCHANGES = columns("name type durable auto_delete internal policy",
			Map.of("arguments", table("arguments")));

	private static final Map<String, Column> BINDINGS = columns("routing_key",
			Map.of("source_name", field("source"), "source_kind", (binding) -> Value.of(StringNode.valueOf("exchange")),
					"destination_name", field("destination"), "destination_kind", field("destination_type"),
					"arguments", table("arguments")));

	private static final Map<String, Column> CONNECTIONS = columns(
			"name port host peer_port peer_host ssl ssl_protocol ssl_key_exchange ssl_cipher ssl_hash "
					+ "peer_cert_subject peer_cert_issuer peer_cert_serial_number peer_cert_validity state channels "
					+ "auth_mechanism user vhost container_id timeout frame_max channel_max recv_oct recv_cnt "
					+ "send_oct send_cnt send_pend connected_at",
			Map.of("pid", (connection) -> pid(connection.path("name")), "protocol", ListCommands::protocol,
					"client_properties", table("client_properties")));

	private static final Map<String, Column> CHANNELS = columns(
			"name number user vhost transactional confirm consumer_count messages_unacknowledged "
					+ "messages_uncommitted acks_uncommitted messages_unconfirmed prefetch_count",
			Map.of("pid", (channel) -> pid(channel.path("name")), "connection",
					(channel) -> pid(channel.at("/connection_details/name"))));

	private static final Map<String, Column> CONSUMERS = columns(
			"consumer_tag ack_required prefetch_count active activity_status",
			Map.of("queue_name", (consumer) -> Value.of(consumer.at("/queue/name")), "channel_pid",
					(consumer) -> pid(consumer.at("/channel_details/name")), "arguments", table("arguments")));

	private static final Map<String, Column> VIRTUAL_HOSTS = columns(
			"name tracing description tags default_queue_type cluster_state metadata protected_from_deletion",
			Map.of());

	private static final String COLUMNS = "[--no-table-headers] [<column> ...]";

	private static final String COLUMNS_OF_VHOST = "[--vhost <vhost>] " + COLUMNS;

	private ListCommands() {
	}

	static Stream<Command> commands() {
		return Stream.of(
				list("list_queues", COLUMNS_OF_VHOST, "Lists queues and their properties", ListCommands::queues)
					.with("online", "offline", "local"),
				list("list_exchanges", COLUMNS_OF_VHOST, "Lists exchanges",
						inVirtualHost("Listing exchanges for vhost %s ...", "exchanges", EXCHANGES,
								List.of("name", "type"))),
				list("list_bindings", COLUMNS_OF_VHOST, "Lists all bindings on a vhost",
						inVirtualHost("Listing bindings for vhost %s...", "bindings", BINDINGS,
								List.of("source_name", "source_kind", "destination_name", "destination_kind",
										"routing_key", "arguments"))),
				list("list_connections", COLUMNS, "Lists AMQP connections",
						everywhere("Listing connections ...", "connections", CONNECTIONS,
								List.of("user", "peer_host", "peer_port", "state"))),
				list("list_channels", COLUMNS, "Lists all channels",
						everywhere("Listing channels ...", "channels", CHANNELS,
								List.of("pid", "user", "consumer_count", "messages_unacknowledged"))),
				list("list_consumers", COLUMNS_OF_VHOST, "Lists all consumers for a vhost",
						inVirtualHost("Listing consumers in vhost %s ...", "consumers", CONSUMERS,
								List.of("queue_name", "channel_pid", "consumer_tag", "ack_required", "prefetch_count",
										"active", "arguments"))),
				list("list_vhosts", COLUMNS, "Lists virtual hosts",
						everywhere("Listing vhosts ...", "vhosts", VIRTUAL_HOSTS, List.of("name"))));
	}

	private static Command list(String name, String usage, String description, Command.Action action) {
		return Command.of(name, usage, description, 0, Command.ANY_NUMBER, action);
	}

	private static void queues(Call call) {
		Map<String, Column> columns = chosen(call, QUEUES, List.of("name", "messages"));
		call.say("Timeout: %s.0 seconds ...", call.option("timeout", "60"));
		call.say("Listing queues for vhost %s ...", call.virtualHost());
		JsonNode queues = call.api().find("queues", call.virtualHost());
		// All are on this node.
		print(call, columns, call.has("offline") ? null : queues);
	}

	private static Command.Action inVirtualHost(String banner, String path, Map<String, Column> columns,
			List<String> usual) {
		return (call) -> {
			Map<String, Column> chosen = chosen(call, columns, usual);
			call.say(banner, call.virtualHost());
			print(call, chosen, call.api().find(path, call.virtualHost()));
		};
	}

	private static Command.Action everywhere(String banner, String path, Map<String, Column> columns,
			List<String> usual) {
		return (call) -> {
			Map<String, Column> chosen = chosen(call, columns, usual);
			call.say(banner);
			print(call, chosen, call.api().get(path));
		};
	}

	private static Map<String, Column> chosen(Call call, Map<String, Column> columns, List<String> usual) {
		List<String> names = call.arguments().isEmpty() ? usual : call.arguments();
		List<String> unknown = names.stream().filter((name) -> !columns.containsKey(name)).toList();
		if (!unknown.isEmpty()) {
			throw CommandFailure.usage("Info key(s) " + String.join(",", unknown) + " are not supported");
		}
		Map<String, Column> chosen = new LinkedHashMap<>();
		names.forEach((name) -> chosen.put(name, columns.getOrDefault(name, field(name))));
		return chosen;
	}

	static void print(Call call, Map<String, Column> columns, @Nullable JsonNode list) {
		Rows rows = new Rows(List.copyOf(columns.keySet()));
		if (list != null) {
			list.forEach((item) -> rows.add(columns.values().stream().map((column) -> column.apply(item)).toList()));
		}
		call.print(rows);
	}

	private static Map<String, Column> columns(String fields, Map<String, Column> others) {
		Map<String, Column> columns = new LinkedHashMap<>();
		for (String name : fields.split(" ")) {
			columns.put(name, field(name));
		}
		others.entrySet()
			.stream()
			.sorted(Comparator.comparing(Map.Entry::getKey))
			.forEach((other) -> columns.put(other.getKey(), other.getValue()));
		return columns;
	}

	static Column field(String name) {
		return (item) -> Value.of(item.path(name));
	}

	private static Column table(String name) {
		return (item) -> Value.table(item.path(name));
	}

	/**
	 * What is Erlang's process identifier in RabbitMQ: here its name, which is as good.
	 */
	private static Value pid(JsonNode name) {
		return Value.of(name.isString() ? StringNode.valueOf("<" + name.stringValue() + ">") : null);
	}

	/** {@code AMQP 0-9-1} is {@code {0,9,1}}. */
	private static Value protocol(JsonNode connection) {
		JsonNode protocol = connection.path("protocol");
		String version = protocol.asString("").replaceFirst("^AMQP ", "");
		return Value.of(version.matches("\\d(-\\d)+")
				? JsonNodeFactory.instance.stringNode("{" + version.replace('-', ',') + "}") : protocol);
	}

	/** A column, by how its value is found in what the API answers. */
	@FunctionalInterface
	interface Column extends Function<JsonNode, Value> {

	}

}
