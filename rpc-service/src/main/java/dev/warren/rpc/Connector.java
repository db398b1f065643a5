package dev.warren.rpc;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.Connection;

import org.springframework.amqp.rabbit.connection.AbstractConnectionFactory;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.stereotype.Component;

/**
 * Opens a connection for each server: a server that crashes takes its connection with it,
 * and one that is busy keeps the only thread its connection delivers on.
 */
@Component
@ConditionalOnRole(RpcProperties.Role.SERVER)
class Connector {

	private final com.rabbitmq.client.ConnectionFactory connectionFactory;

	private final List<Address> addresses;

	Connector(AbstractConnectionFactory connectionFactory, RabbitConnectionDetails details) {
		this.connectionFactory = connectionFactory.getRabbitConnectionFactory();
		this.addresses = details.getAddresses()
			.stream()
			.map((address) -> new Address(address.host(), address.port()))
			.toList();
	}

	/**
	 * Opens a connection.
	 * @param name its name, for whoever looks at the broker
	 * @param executor what it delivers on
	 */
	Connection open(String name, ExecutorService executor) throws IOException {
		try {
			return this.connectionFactory.newConnection(executor, this.addresses, name);
		}
		catch (TimeoutException ex) {
			throw new IOException("the broker does not answer", ex);
		}
	}

}
