package dev.warren.messaging.broker;

import java.util.Objects;

import com.rabbitmq.client.Connection;
import dev.warren.test.BrokerUnderTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a service's connections are called on the broker.
 */
class ConnectionNameTests {

	@Test
	void aConnectionIsCalledAsItsServiceIs() throws Exception {
		try (BrokerUnderTest broker = BrokerUnderTest.start()) {
			BrokerContexts.at(broker.address())
				.withPropertyValues("spring.application.name=hello-service")
				.run((context) -> {
					ConnectionFactory connections = context.getBean(RabbitTemplate.class).getConnectionFactory();

					assertThat(nameOf(connections)).isEqualTo("hello-service");
					assertThat(nameOf(connections.getPublisherConnectionFactory()))
						.isEqualTo("hello-service.publisher");
				});
		}
	}

	private static @Nullable String nameOf(@Nullable ConnectionFactory connections) {
		Connection connection = Objects.requireNonNull(connections).createConnection().getDelegate();
		return Objects.requireNonNull(connection).getClientProvidedName();
	}

}
