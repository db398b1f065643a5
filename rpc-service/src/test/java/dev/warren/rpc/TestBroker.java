package dev.warren.rpc;

import java.net.URI;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.warren.broker.EmbeddedBroker;
import org.jspecify.annotations.Nullable;

/**
 * A broker without requests: an embedded one, or the one the environment variable
 * {@code WARREN_TEST_AMQP_URI} names.
 */
final class TestBroker implements AutoCloseable {

	private static final @Nullable String EXTERNAL = System.getenv("WARREN_TEST_AMQP_URI");

	private final @Nullable EmbeddedBroker embedded;

	private final String uri;

	private TestBroker(@Nullable EmbeddedBroker embedded, String uri) {
		this.embedded = embedded;
		this.uri = uri;
	}

	static TestBroker start() throws Exception {
		if (EXTERNAL == null) {
			EmbeddedBroker embedded = EmbeddedBroker.builder().start();
			return new TestBroker(embedded, embedded.uri());
		}
		TestBroker broker = new TestBroker(null, EXTERNAL);
		try (Connection connection = broker.connect(); Channel channel = connection.createChannel()) {
			channel.queueDelete("rpc_queue");
		}
		return broker;
	}

	/**
	 * Host and port.
	 */
	String address() {
		return URI.create(this.uri).getAuthority().replaceFirst(".*@", "");
	}

	Connection connect() throws Exception {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setUri(this.uri);
		return factory.newConnection();
	}

	@Override
	public void close() {
		if (this.embedded != null) {
			this.embedded.close();
		}
	}

}
