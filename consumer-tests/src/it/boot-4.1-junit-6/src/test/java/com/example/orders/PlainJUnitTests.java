package com.example.orders;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.junit.EmbeddedBrokerTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@EmbeddedBrokerTest
class PlainJUnitTests {

	@Test
	void aMessageGoesThrough(EmbeddedBroker broker) throws Exception {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setUri(broker.uri());
		try (Connection connection = factory.newConnection(); Channel channel = connection.createChannel()) {
			channel.queueDeclare("hello", false, false, false, null);
			channel.basicPublish("", "hello", null, "Hello World!".getBytes());

			assertThat(channel.basicGet("hello", true).getBody()).asString().isEqualTo("Hello World!");
		}
	}

	@Nested
	class Inside {

		@Test
		void theBrokerIsTheSame(EmbeddedBroker broker) {
			assertThat(broker.isRunning()).isTrue();
		}

	}

}
