package dev.warren.postbox;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.warren.broker.EmbeddedBroker;
import org.jspecify.annotations.Nullable;

/**
 * A broker without boxes: an embedded one, or the one the environment variable
 * {@code WARREN_TEST_AMQP_URI} names. {@code WARREN_QUEUES_TYPE=quorum}, which the
 * services read themselves, has the tests use quorum queues.
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
			for (String queue : List.of(BoxRegistry.QUEUE, PostboxTopology.PO_BOX)) {
				channel.queueDelete(queue);
			}
			channel.exchangeDelete(PostboxTopology.SORTING_ROOM);
		}
		return broker;
	}

	/**
	 * The arguments that a box is declared with by everybody.
	 */
	static @Nullable Map<String, Object> queueArguments() {
		return "quorum".equals(System.getenv("WARREN_QUEUES_TYPE")) ? Map.of("x-queue-type", "quorum") : null;
	}

	/**
	 * The arguments of the queue with the record of the boxes.
	 */
	static Map<String, Object> registryArguments() {
		Map<String, Object> arguments = new HashMap<>(Map.of("x-single-active-consumer", true));
		Map<String, Object> boxArguments = queueArguments();
		if (boxArguments != null) {
			arguments.putAll(boxArguments);
		}
		return arguments;
	}

	/**
	 * Host and port.
	 */
	String address() {
		return URI.create(this.uri).getAuthority().replaceFirst(".*@", "");
	}

	Connection connect() throws Exception {
		return connect(this.uri);
	}

	static Connection connect(String uri) throws Exception {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setUri(uri);
		return factory.newConnection();
	}

	@Override
	public void close() {
		if (this.embedded != null) {
			this.embedded.close();
		}
	}

}
