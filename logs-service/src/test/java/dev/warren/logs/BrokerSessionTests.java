package dev.warren.logs;

import java.io.IOException;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.junit.EmbeddedBrokerTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@EmbeddedBrokerTest
class BrokerSessionTests {

	@Test
	void aSessionThatGetsOnlyOneOfItsChannelsGivesItBack(EmbeddedBroker broker) throws Exception {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setUri(broker.uri());
		factory.setRequestedChannelMax(1);
		try (Connection connection = factory.newConnection()) {
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> new BrokerSession(connection));

			assertThat(connection.createChannel()).isNotNull();
		}
	}

}
