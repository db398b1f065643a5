package dev.warren.broker.rabbitmq;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What one test does with the broker: the raw RabbitMQ client, names nobody else has, and
 * the few steps that nearly every test needs. Its connections end with the test.
 */
class TestClient implements AutoCloseable {

	private final String host;

	private final int port;

	private final Deque<Closeable> opened = new ConcurrentLinkedDeque<>();

	private final Set<String> queues = ConcurrentHashMap.newKeySet();

	private final Set<String> exchanges = ConcurrentHashMap.newKeySet();

	private final AtomicReference<Connection> connection = new AtomicReference<>();

	TestClient(String host, int port) {
		this.host = host;
		this.port = port;
	}

	String host() {
		return this.host;
	}

	int port() {
		return this.port;
	}

	/**
	 * A name that begins as given and that no other test uses. It is short, since a reply
	 * text is cut after 255 bytes.
	 */
	static String unique(String prefix) {
		return prefix + "-" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
	}

	/**
	 * The test's first connection.
	 */
	Connection connection() throws IOException, TimeoutException {
		Connection first = this.connection.get();
		if (first == null) {
			first = connect();
			this.connection.set(first);
		}
		return first;
	}

	/**
	 * A new channel of the test's first connection.
	 */
	Channel channel() throws IOException, TimeoutException {
		return connection().createChannel();
	}

	/**
	 * A new channel of a new connection.
	 */
	Channel stranger() throws IOException, TimeoutException {
		return connect().createChannel();
	}

	Connection connect() throws IOException, TimeoutException {
		return connect((factory) -> {
		});
	}

	Connection connect(Consumer<ConnectionFactory> customizer) throws IOException, TimeoutException {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setHost(this.host);
		factory.setPort(this.port);
		factory.setAutomaticRecoveryEnabled(false);
		factory.setHandshakeTimeout(60_000);
		factory.setChannelRpcTimeout(30_000);
		customizer.accept(factory);
		Connection connected = factory.newConnection();
		this.opened.push(() -> connected.abort(10_000));
		return connected;
	}

	RawConnection raw() throws IOException {
		RawConnection raw = new RawConnection(this.host, this.port);
		this.opened.push(raw);
		return raw;
	}

	/**
	 * Declares a queue that is gone when the test's first connection is.
	 */
	String exclusiveQueue() throws IOException, TimeoutException {
		return exclusiveQueue(Map.of());
	}

	String exclusiveQueue(Map<String, Object> arguments) throws IOException, TimeoutException {
		String queue = unique("exclusive");
		declare(queue, false, true, arguments);
		return queue;
	}

	/**
	 * Declares a transient queue that any connection may use.
	 */
	String queue() throws IOException, TimeoutException {
		return queue(Map.of());
	}

	String queue(Map<String, Object> arguments) throws IOException, TimeoutException {
		String queue = unique("queue");
		declare(queue, false, false, arguments);
		return queue;
	}

	String durableQueue(Map<String, Object> arguments) throws IOException, TimeoutException {
		String queue = unique("durable");
		declare(queue, true, false, arguments);
		return queue;
	}

	private void declare(String queue, boolean durable, boolean exclusive, Map<String, Object> arguments)
			throws IOException, TimeoutException {
		try (Channel channel = channel()) {
			channel.queueDeclare(queue, durable, exclusive, false, arguments);
		}
		if (!exclusive) {
			this.queues.add(queue);
		}
	}

	/**
	 * Declares a transient exchange of this type.
	 */
	String exchange(String type) throws IOException, TimeoutException {
		return exchange(type, Map.of());
	}

	String exchange(String type, Map<String, Object> arguments) throws IOException, TimeoutException {
		String exchange = unique(type);
		try (Channel channel = channel()) {
			channel.exchangeDeclare(exchange, type, false, false, arguments);
		}
		this.exchanges.add(exchange);
		return exchange;
	}

	/**
	 * Publishes to the queue and returns when the broker has confirmed all of it.
	 */
	void send(String queue, String... bodies) throws Exception {
		for (String body : bodies) {
			send("", queue, MessageProperties.PERSISTENT_BASIC, body);
		}
	}

	void send(String exchange, String routingKey, BasicProperties properties, String body) throws Exception {
		try (Channel channel = channel()) {
			channel.confirmSelect();
			channel.basicPublish(exchange, routingKey, properties, body.getBytes(StandardCharsets.UTF_8));
			channel.waitForConfirmsOrDie(10_000);
		}
	}

	/**
	 * Whether a mandatory message comes back; unlike a passive declaration, asking this
	 * way does not count as using a queue.
	 */
	boolean returned(String exchange, String routingKey) throws Exception {
		AtomicBoolean returned = new AtomicBoolean();
		try (Channel channel = channel()) {
			channel.addReturnListener((message) -> returned.set(true));
			channel.confirmSelect();
			channel.basicPublish(exchange, routingKey, true, null, new byte[0]);
			channel.waitForConfirmsOrDie(10_000);
		}
		return returned.get();
	}

	/**
	 * Takes the message that must be there by now.
	 */
	GetResponse take(String queue) throws Exception {
		try (Channel channel = channel()) {
			GetResponse response = channel.basicGet(queue, true);
			assertThat(response).as("a message in %s", queue).isNotNull();
			return response;
		}
	}

	/**
	 * Takes the message that comes by and by.
	 */
	GetResponse await(String queue) throws Exception {
		try (Channel channel = channel()) {
			return Awaitility.await("a message in " + queue)
				.until(() -> channel.basicGet(queue, true), (response) -> response != null);
		}
	}

	/**
	 * Counts the messages that are ready, as a passive declaration tells it.
	 */
	int ready(String queue) throws IOException, TimeoutException {
		try (Channel channel = channel()) {
			return channel.queueDeclarePassive(queue).getMessageCount();
		}
	}

	void awaitReady(String queue, int count) {
		Awaitility.await(count + " messages ready in " + queue)
			.untilAsserted(() -> assertThat(ready(queue)).isEqualTo(count));
	}

	static String text(GetResponse response) {
		return new String(response.getBody(), StandardCharsets.UTF_8);
	}

	@Override
	public void close() throws IOException, TimeoutException {
		for (Closeable closeable : this.opened) {
			closeable.close();
		}
		if (!this.queues.isEmpty() || !this.exchanges.isEmpty()) {
			try (Connection last = connect(); Channel channel = last.createChannel()) {
				for (String queue : this.queues) {
					channel.queueDelete(queue);
				}
				for (String exchange : this.exchanges) {
					channel.exchangeDelete(exchange);
				}
			}
		}
	}

}
