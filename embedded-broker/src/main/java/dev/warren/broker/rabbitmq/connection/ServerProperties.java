package dev.warren.broker.rabbitmq.connection;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What the broker says about itself in connection.start.
 */
final class ServerProperties {

	static final Map<String, @Nullable Object> TABLE = table();

	/** Clients of AMQP 0-8 cannot read a table with booleans. */
	static final Map<String, @Nullable Object> TABLE_08 = withoutCapabilities();

	private ServerProperties() {
	}

	private static Map<String, @Nullable Object> withoutCapabilities() {
		Map<String, @Nullable Object> table = new LinkedHashMap<>(TABLE);
		table.remove("capabilities");
		return table;
	}

	private static Map<String, @Nullable Object> table() {
		Map<String, @Nullable Object> capabilities = new LinkedHashMap<>();
		for (String capability : new String[] { "publisher_confirms", "exchange_exchange_bindings", "basic.nack",
				"consumer_cancel_notify", "connection.blocked", "consumer_priorities", "authentication_failure_close",
				"per_consumer_qos", "direct_reply_to" }) {
			capabilities.put(capability, true);
		}
		String version = ServerProperties.class.getPackage().getImplementationVersion();
		Map<String, @Nullable Object> table = new LinkedHashMap<>();
		table.put("capabilities", capabilities);
		table.put("product", "Warren");
		table.put("version", (version != null) ? version : "0.0.0");
		table.put("copyright", "Copyright (c) the developers of Warren");
		table.put("cluster_name", "warren");
		table.put("platform", "Java " + System.getProperty("java.version") + ", Apache Qpid Broker-J");
		table.put("information", "Speaks AMQP 0-9-1 as RabbitMQ does");
		return table;
	}

}
