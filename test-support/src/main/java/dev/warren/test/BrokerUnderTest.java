package dev.warren.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Map;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.warren.broker.EmbeddedBroker;
import org.jspecify.annotations.Nullable;

import org.springframework.test.context.DynamicPropertyRegistry;

/**
 * The broker of a test: an embedded one, or the one that the environment variable
 * {@code WARREN_TEST_AMQP_URI} names.
 */
public final class BrokerUnderTest implements AutoCloseable {

	private static final @Nullable String EXTERNAL = System.getenv("WARREN_TEST_AMQP_URI");

	private final String uri;

	private @Nullable EmbeddedBroker embedded;

	private BrokerUnderTest(String uri, @Nullable EmbeddedBroker embedded) {
		this.uri = uri;
		this.embedded = embedded;
	}

	/**
	 * A broker that runs: a new, embedded one, or the external one with whatever it has.
	 */
	public static BrokerUnderTest start() {
		if (EXTERNAL != null) {
			return new BrokerUnderTest(EXTERNAL, null);
		}
		EmbeddedBroker embedded = EmbeddedBroker.builder().start();
		return new BrokerUnderTest(embedded.uri(), embedded);
	}

	/**
	 * A broker on which nobody else is: a new, embedded one, or the virtual host
	 * {@code other} of the external one.
	 */
	public static BrokerUnderTest startApart() {
		return (EXTERNAL != null) ? new BrokerUnderTest(EXTERNAL + "/other", null) : start();
	}

	/**
	 * A broker that does not run until {@link #restart()} is called. It is always an
	 * embedded one, since a test cannot start an external one.
	 */
	public static BrokerUnderTest stopped() {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return at("127.0.0.1", socket.getLocalPort());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A broker that somebody else runs, such as the one of a Spring application.
	 */
	public static BrokerUnderTest at(String host, int port) {
		return new BrokerUnderTest("amqp://guest:guest@" + host + ":" + port, null);
	}

	/**
	 * Has a {@code @SpringBootTest} use the external broker if there is one. Without, the
	 * application starts an embedded one by auto-configuration.
	 */
	public static void register(DynamicPropertyRegistry registry) {
		if (EXTERNAL != null) {
			registry.add("spring.rabbitmq.addresses", () -> EXTERNAL);
		}
	}

	/**
	 * Whether tests run on the broker that {@code WARREN_TEST_AMQP_URI} names.
	 */
	public static boolean isExternal() {
		return EXTERNAL != null;
	}

	/**
	 * The arguments that services declare their durable queues with: none, or those of a
	 * quorum queue if the environment has {@code WARREN_QUEUES_TYPE=quorum} or
	 * {@code WARREN_EDITION=current}, which the services read themselves.
	 */
	public static @Nullable Map<String, Object> queueArguments() {
		String type = System.getenv("WARREN_QUEUES_TYPE");
		return "quorum".equals((type != null || !isCurrentEdition()) ? type : "quorum")
				? Map.of("x-queue-type", "quorum") : null;
	}

	/**
	 * Whether services declare what today's tutorials declare, since the environment has
	 * {@code WARREN_EDITION=current}.
	 */
	public static boolean isCurrentEdition() {
		return "current".equals(System.getenv("WARREN_EDITION"));
	}

	/**
	 * Deletes queues that earlier tests may have left.
	 */
	public BrokerUnderTest withoutQueues(String... queues) throws Exception {
		withChannel((channel) -> {
			for (String queue : queues) {
				channel.queueDelete(queue);
			}
		});
		return this;
	}

	/**
	 * Deletes exchanges that earlier tests may have left.
	 */
	public BrokerUnderTest withoutExchanges(String... exchanges) throws Exception {
		withChannel((channel) -> {
			for (String exchange : exchanges) {
				channel.exchangeDelete(exchange);
			}
		});
		return this;
	}

	public String host() {
		return URI.create(this.uri).getHost();
	}

	public int port() {
		int port = URI.create(this.uri).getPort();
		return (port != -1) ? port : ConnectionFactory.DEFAULT_AMQP_PORT;
	}

	/**
	 * Host, port and virtual host, as {@code spring.rabbitmq.addresses} takes them.
	 */
	public String address() {
		return host() + ":" + port() + URI.create(this.uri).getPath();
	}

	/**
	 * The AMQP URI, with user and password.
	 */
	public String uri() {
		return this.uri;
	}

	/**
	 * A connection of another program.
	 */
	public Connection connect() throws Exception {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setUri(this.uri);
		return factory.newConnection();
	}

	/**
	 * Does something on a connection of another program, which is closed afterwards.
	 */
	public void withChannel(ChannelTask task) throws Exception {
		try (Connection connection = connect(); Channel channel = connection.createChannel()) {
			task.run(channel);
		}
	}

	/**
	 * How many messages of a queue are ready.
	 */
	public long messages(String queue) throws Exception {
		try (Connection connection = connect(); Channel channel = connection.createChannel()) {
			return channel.messageCount(queue);
		}
	}

	/**
	 * How many consumers a queue has.
	 */
	public long consumers(String queue) throws Exception {
		try (Connection connection = connect(); Channel channel = connection.createChannel()) {
			return channel.consumerCount(queue);
		}
	}

	/**
	 * Puts a new, empty embedded broker on the same port.
	 */
	public void restart() {
		stop();
		this.embedded = EmbeddedBroker.builder().port(port()).start();
	}

	/**
	 * Stops the broker if it is embedded. {@link #restart()} can follow.
	 */
	public void stop() {
		if (this.embedded != null) {
			this.embedded.close();
			this.embedded = null;
		}
	}

	@Override
	public void close() {
		stop();
	}

	/**
	 * What another program does on a channel.
	 */
	@FunctionalInterface
	public interface ChannelTask {

		void run(Channel channel) throws Exception;

	}

}
