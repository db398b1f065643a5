package com.example.orders;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.junit.EmbeddedBrokerTest;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

@EmbeddedBrokerTest
class OrderTests {

	@Test
	void anOrderArrives(EmbeddedBroker broker) throws Exception {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setUri(broker.uri());
		try (Connection connection = factory.newConnection(); Channel channel = connection.createChannel()) {
			channel.queueDeclare("orders", true, false, false, null);

			channel.basicPublish("", "orders", null, "1 carrot".getBytes());

			assertEquals("1 carrot", new String(channel.basicGet("orders", true).getBody()));
		}
	}

}
