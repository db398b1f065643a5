package dev.warren.broker;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EmbeddedBrokerTests {

	@Test
	void aPublishedMessageIsConsumed() throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().start();
				Connection connection = connect(broker);
				Channel channel = connection.createChannel()) {
			BlockingQueue<String> received = new LinkedBlockingQueue<>();
			channel.queueDeclare("hello", false, false, false, null);
			channel.basicConsume("hello", true,
					(tag, delivery) -> received.add(new String(delivery.getBody(), StandardCharsets.UTF_8)), (tag) -> {
					});

			channel.basicPublish("", "hello", null, "Hello World!".getBytes(StandardCharsets.UTF_8));

			assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("Hello World!");
		}
	}

	private static Connection connect(EmbeddedBroker broker) throws Exception {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setUri(broker.uri());
		return factory.newConnection();
	}

}
