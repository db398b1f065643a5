package dev.warren.broker.rabbitmq;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Map;
import java.util.Optional;

import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.RabbitMqVersion;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.warren.broker.rabbitmq.Refusals.assertClosesChannelMatching;
import static dev.warren.broker.rabbitmq.TestClient.text;
import static dev.warren.broker.rabbitmq.TestClient.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * The user {@code limited} may configure, write or read what has a {@code c}, {@code w}
 * or {@code r} before the first hyphen of its name.
 */
@CompatibilityTests
@DisplayName("Virtual hosts and permissions")
class VirtualHostsAndPermissionsTests {

	private static Channel connect(TestClient client, String user) throws Exception {
		return client.connect((factory) -> {
			factory.setUsername(user);
			factory.setPassword(user);
		}).createChannel();
	}

	/**
	 * RabbitMQ 3.11 and later begin with what was refused, as in "configure access to".
	 */
	private static String refusal(String kind, String name, String user) {
		return "ACCESS_REFUSED - (configure |write |read )?access to " + kind + " '" + name + "' in vhost '/' refused"
				+ " for user '" + user + "'";
	}

	@Test
	void virtualHostsHaveTheirOwnQueues(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel other = client.connect((factory) -> factory.setVirtualHost("other")).createChannel();
		other.queueDeclare(queue, false, true, false, null);

		client.send(queue, "in the first");

		assertThat(other.basicGet(queue, true)).isNull();
		assertThat(text(client.take(queue))).isEqualTo("in the first");
	}

	@Test
	@DisplayName("Every virtual host has the predeclared exchanges")
	void everyVirtualHostHasExchanges(TestClient client) throws Exception {
		Channel channel = client.connect((factory) -> factory.setVirtualHost("other")).createChannel();

		assertThat(channel.exchangeDeclare("amq.topic", "topic", true)).isNotNull();
	}

	@Test
	@DisplayName("Error texts name the virtual host")
	void errorsNameTheVirtualHost(TestClient client) throws Exception {
		String queue = unique("missing");
		Channel channel = client.connect((factory) -> factory.setVirtualHost("other")).createChannel();

		Refusals.assertClosesChannel(channel, 404, "NOT_FOUND - no queue '" + queue + "' in vhost 'other'",
				() -> channel.queueDeclarePassive(queue));
	}

	@Test
	@DisplayName("A virtual host's name may have a slash")
	void aVirtualHostMayHaveASlash(TestClient client) throws Exception {
		Channel channel = client.connect((factory) -> factory.setVirtualHost("with/slash")).createChannel();

		assertThat(channel.queueDeclare().getQueue()).isNotEmpty();
	}

	@Test
	@DisplayName("A missing virtual host is 530 NOT_ALLOWED")
	void aMissingVirtualHostIsRefused(TestClient client) {
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> client.connect((factory) -> factory.setVirtualHost("missing")))
			.havingCause()
			.isInstanceOf(ShutdownSignalException.class)
			.withMessageContaining(
					"reply-code=530, reply-text=NOT_ALLOWED - vhost missing not found, class-id=10, method-id=40");
	}

	@Test
	@DisplayName("A virtual host that the user has no permissions in is 530 NOT_ALLOWED")
	void aStrangersVirtualHostIsRefused(TestClient client) {
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> client.connect((factory) -> {
			factory.setUsername("outsider");
			factory.setPassword("outsider");
		}))
			.havingCause()
			.isInstanceOf(ShutdownSignalException.class)
			.withMessageContaining(
					"reply-code=530, reply-text=NOT_ALLOWED - access to vhost '/' refused for user 'outsider'");
	}

	/**
	 * What the user tries, with a queue and an exchange and, where it takes two, another
	 * exchange.
	 */
	private static void attempt(Channel channel, String operation, String queue, String exchange, String other)
			throws IOException {
		switch (operation) {
			case "queue.declare" -> channel.queueDeclare(queue, false, false, true, null);
			case "queue.declare with a dead letter exchange" ->
				channel.queueDeclare(queue, false, false, true, Map.of("x-dead-letter-exchange", exchange));
			case "queue.delete" -> channel.queueDelete(queue);
			case "queue.purge" -> channel.queuePurge(queue);
			case "queue.bind" -> channel.queueBind(queue, exchange, "key");
			case "queue.unbind" -> channel.queueUnbind(queue, exchange, "key");
			case "basic.get" -> channel.basicGet(queue, true);
			case "basic.consume" -> Deliveries.from(channel, queue);
			case "basic.publish" -> {
				channel.basicPublish(exchange, "key", null, new byte[0]);
				// Nobody answers a publishing.
				channel.basicQos(1);
			}
			case "exchange.declare" -> channel.exchangeDeclare(exchange, "fanout", false, true, null);
			case "exchange.declare with an alternate" ->
				channel.exchangeDeclare(exchange, "fanout", false, true, Map.of("alternate-exchange", other));
			case "exchange.delete" -> channel.exchangeDelete(exchange);
			case "exchange.bind" -> channel.exchangeBind(exchange, other, "key");
			case "exchange.unbind" -> channel.exchangeUnbind(exchange, other, "key");
			default -> throw new IllegalArgumentException(operation);
		}
	}

	private record Names(String queue, String exchange, String other) {

		static Names prepare(TestClient client, String operation, String queue, String exchange, String other)
				throws Exception {
			Names names = new Names(unique(queue), unique(exchange), unique(other));
			Channel channel = client.channel();
			if (!operation.startsWith("queue.declare")) {
				channel.queueDeclare(names.queue, false, false, true, null);
			}
			if (!operation.startsWith("exchange.declare")) {
				channel.exchangeDeclare(names.exchange, "fanout", false, true, null);
			}
			channel.exchangeDeclare(names.other, "fanout", false, true, null);
			return names;
		}

		String of(String refused) {
			return switch (refused) {
				case "queue" -> this.queue;
				case "exchange" -> this.exchange;
				default -> this.other;
			};
		}

	}

	@ParameterizedTest(quoteTextArguments = false,
			name = "`{0}` works with just these rights: queue {1}, exchange {2}, other exchange {3}")
	@CsvSource(delimiter = '|', textBlock = """
			queue.declare                             | c  | x  | x
			queue.declare with a dead letter exchange | cr | w  | x
			queue.delete                              | c  | x  | x
			queue.purge                               | r  | x  | x
			queue.bind                                | w  | r  | x
			queue.unbind                              | w  | r  | x
			basic.get                                 | r  | x  | x
			basic.consume                             | r  | x  | x
			basic.publish                             | x  | w  | x
			exchange.declare                          | x  | c  | x
			exchange.declare with an alternate        | x  | cr | w
			exchange.delete                           | x  | c  | x
			exchange.bind                             | x  | w  | r
			exchange.unbind                           | x  | w  | r
			""")
	void permitted(String operation, String queue, String exchange, String other, TestClient client) throws Exception {
		Names names = Names.prepare(client, operation, queue, exchange, other);
		Channel channel = connect(client, "limited");

		attempt(channel, operation, names.queue, names.exchange, names.other);

		assertThat(channel.isOpen()).isTrue();
	}

	@ParameterizedTest(quoteTextArguments = false,
			name = "`{0}` is 403 ACCESS_REFUSED with these rights: queue {1}, exchange {2}, other {3}")
	@CsvSource(delimiter = '|', textBlock = """
			queue.declare                             | rw | crw | crw | queue
			queue.declare with a dead letter exchange | cw | crw | crw | queue
			queue.declare with a dead letter exchange | cr | cr  | crw | exchange
			queue.delete                              | rw | crw | crw | queue
			queue.purge                               | cw | crw | crw | queue
			queue.bind                                | cr | crw | crw | queue
			queue.bind                                | cw | cw  | crw | exchange
			queue.unbind                              | cr | crw | crw | queue
			queue.unbind                              | cw | cw  | crw | exchange
			basic.get                                 | cw | crw | crw | queue
			basic.consume                             | cw | crw | crw | queue
			basic.publish                             | crw | cr | crw | exchange
			exchange.declare                          | crw | rw | crw | exchange
			exchange.declare with an alternate        | crw | cw | crw | exchange
			exchange.declare with an alternate        | crw | cr | cr  | other
			exchange.delete                           | crw | rw | crw | exchange
			exchange.bind                             | crw | cr | crw | exchange
			exchange.bind                             | crw | cw | cw  | other
			exchange.unbind                           | crw | cr | crw | exchange
			exchange.unbind                           | crw | cw | cw  | other
			""")
	void refused(String operation, String queue, String exchange, String other, String refused, TestClient client)
			throws Exception {
		Names names = Names.prepare(client, operation, queue, exchange, other);
		Channel channel = connect(client, "limited");

		assertClosesChannelMatching(channel, 403,
				refusal(refused.equals("queue") ? "queue" : "exchange", names.of(refused), "limited"),
				() -> attempt(channel, operation, names.queue, names.exchange, names.other));
	}

	@Test
	@DisplayName("The default exchange is `amq.default` to permissions")
	void theDefaultExchangeHasAName(TestClient client) throws Exception {
		Channel channel = connect(client, "limited");

		assertClosesChannelMatching(channel, 403, refusal("exchange", "amq.default", "limited"),
				() -> channel.basicPublish("", unique("crw"), null, new byte[0]));
	}

	@Test
	@DisplayName("A server-named queue needs `configure` on `amq.gen-…`")
	void serverNamedQueuesNeedConfigure(TestClient client) throws Exception {
		Channel channel = connect(client, "limited");

		assertClosesChannelMatching(channel, 403, refusal("queue", "amq\\.gen-.*", "limited"), channel::queueDeclare);
	}

	@Test
	@DisplayName("A passive declaration needs no permission")
	@Until(RabbitMqVersion.V4_0)
	void declaringPassivelyNeedsNothing(TestClient client) throws Exception {
		Names names = Names.prepare(client, "", "x", "x", "x");
		Channel channel = connect(client, "limited");

		assertThat(channel.queueDeclarePassive(names.queue).getQueue()).isEqualTo(names.queue);
		assertThat(channel.exchangeDeclarePassive(names.exchange)).isNotNull();
	}

	@ParameterizedTest(quoteTextArguments = false, name = "A passive declaration needs a permission, such as `{0}`")
	@ValueSource(strings = { "c", "r", "w" })
	@From(RabbitMqVersion.V4_3)
	void declaringPassivelyNeedsAPermission(String permission, TestClient client) throws Exception {
		Names allowed = Names.prepare(client, "", permission, permission, "x");
		Names refused = Names.prepare(client, "", "x", "x", "x");
		Channel channel = connect(client, "limited");

		assertThat(channel.queueDeclarePassive(allowed.queue).getQueue()).isEqualTo(allowed.queue);
		assertThat(channel.exchangeDeclarePassive(allowed.exchange)).isNotNull();
		assertClosesChannelMatching(channel, 403, refusal("queue", refused.queue, "limited"),
				() -> channel.queueDeclarePassive(refused.queue));
	}

	@Test
	@DisplayName("An empty pattern permits nothing")
	void anEmptyPatternPermitsNothing(TestClient client) throws Exception {
		String queue = unique("crw");
		Channel channel = connect(client, "powerless");

		assertClosesChannelMatching(channel, 403, refusal("queue", queue, "powerless"),
				() -> channel.queueDeclare(queue, false, false, true, null));
	}

	@Test
	@DisplayName("Permissions are those of one virtual host")
	void permissionsAreAVirtualHosts(TestClient client) throws Exception {
		Channel channel = client.connect((factory) -> {
			factory.setUsername("outsider");
			factory.setPassword("outsider");
			factory.setVirtualHost("other");
		}).createChannel();

		assertThat(channel.queueDeclare().getQueue()).isNotEmpty();
	}

	@Test
	@DisplayName("`guest` is refused from anywhere but loopback")
	@NotOnRabbitMq("the RabbitMQ of the tests listens on loopback only")
	void guestIsForLoopback() throws Exception {
		Optional<String> address = NetworkInterface.networkInterfaces()
			.flatMap(NetworkInterface::inetAddresses)
			.filter((candidate) -> candidate instanceof Inet4Address && !candidate.isLoopbackAddress())
			.map(InetAddress::getHostAddress)
			.findFirst();
		assumeThat(address).as("an address that is not loopback").isPresent();

		try (EmbeddedBroker broker = EmbeddedBroker.builder().bindAddress("*").start()) {
			ConnectionFactory factory = new ConnectionFactory();
			factory.setHost(address.orElseThrow());
			factory.setPort(broker.port());

			assertThatExceptionOfType(AuthenticationFailureException.class).isThrownBy(factory::newConnection);
		}
	}

}
