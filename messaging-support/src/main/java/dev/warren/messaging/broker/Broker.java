package dev.warren.messaging.broker;

import java.util.Map;
import java.util.Objects;

import com.rabbitmq.client.Connection;

/**
 * What the broker at the other end says it is, in its {@code server-properties}
 * (AMQP&nbsp;0-9-1, {@code connection.start}).
 *
 * @param product the product, such as {@code RabbitMQ}
 * @param version its version
 * @param address the host and port it is reached at
 */
public record Broker(String product, String version, String address) {

	static Broker of(Connection connection) {
		Map<String, Object> properties = connection.getServerProperties();
		return new Broker(Objects.toString(properties.get("product"), "unknown"),
				Objects.toString(properties.get("version"), "unknown"),
				connection.getAddress().getHostAddress() + ":" + connection.getPort());
	}

}
