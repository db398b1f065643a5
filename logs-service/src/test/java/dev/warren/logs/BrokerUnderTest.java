package dev.warren.logs;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.test.context.DynamicPropertyRegistry;

/**
 * The broker of a test: an embedded one, unless the environment variable
 * {@code WARREN_TEST_AMQP_URI} names another, such as RabbitMQ.
 */
final class BrokerUnderTest {

	private static final @Nullable String URI = System.getenv("WARREN_TEST_AMQP_URI");

	private BrokerUnderTest() {
	}

	static void register(DynamicPropertyRegistry registry) {
		if (URI != null) {
			registry.add("spring.rabbitmq.addresses", () -> URI);
		}
	}

	/**
	 * A connection of another program, to the broker the service uses.
	 */
	static Connection connect(RabbitConnectionDetails details) throws Exception {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setHost(details.getFirstAddress().host());
		factory.setPort(details.getFirstAddress().port());
		if (details.getUsername() != null) {
			factory.setUsername(details.getUsername());
		}
		if (details.getPassword() != null) {
			factory.setPassword(details.getPassword());
		}
		return factory.newConnection();
	}

}
