package dev.warren.broker.rabbitmq.connection;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.warren.broker.rabbitmq.wire.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * What the broker says about itself in connection.start. The version is that of the
 * RabbitMQ it plays, since clients look there for what they may use.
 */
final class ServerProperties {

	private ServerProperties() {
	}

	/**
	 * @param amqp08 whether the client speaks AMQP 0-8, whose clients cannot read a table
	 * with booleans
	 */
	static Map<String, @Nullable Object> of(Dialect dialect, boolean amqp08) {
		Map<String, @Nullable Object> table = new LinkedHashMap<>();
		if (!amqp08) {
			table.put("capabilities", capabilities());
		}
		table.put("product", "Warren");
		table.put("version", dialect.version());
		table.put("copyright", "Copyright (c) the developers of Warren");
		table.put("cluster_name", "warren");
		table.put("platform", "Java " + System.getProperty("java.version") + ", Apache Qpid Broker-J");
		table.put("information", "Speaks AMQP 0-9-1 as RabbitMQ " + dialect.version() + " does");
		return table;
	}

	private static Map<String, @Nullable Object> capabilities() {
		Map<String, @Nullable Object> capabilities = new LinkedHashMap<>();
		for (String capability : new String[] { "publisher_confirms", "exchange_exchange_bindings", "basic.nack",
				"consumer_cancel_notify", "connection.blocked", "consumer_priorities", "authentication_failure_close",
				"per_consumer_qos", "direct_reply_to" }) {
			capabilities.put(capability, true);
		}
		return capabilities;
	}

}
