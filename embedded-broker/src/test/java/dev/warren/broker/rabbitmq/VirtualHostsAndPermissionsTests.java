package dev.warren.broker.rabbitmq;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
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
	 * A queue and an exchange, both of a name that begins so.
	 */
	private static String prepare(TestClient client, String prefix) throws Exception {
		String name = unique(prefix);
		client.channel().queueDeclare(name, false, false, true, null);
		client.channel().exchangeDeclare(name, "fanout", false, true, null);
		return name;
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
		String name = prepare(client, "x");
		Channel channel = connect(client, "limited");

		assertThat(channel.queueDeclarePassive(name).getQueue()).isEqualTo(name);
		assertThat(channel.exchangeDeclarePassive(name)).isNotNull();
	}

	@ParameterizedTest(quoteTextArguments = false, name = "A passive declaration needs a permission, such as `{0}`")
	@ValueSource(strings = { "c", "r", "w" })
	@From(RabbitMqVersion.V4_3)
	void declaringPassivelyNeedsAPermission(String permission, TestClient client) throws Exception {
		String allowed = prepare(client, permission);
		String refused = prepare(client, "x");
		Channel channel = connect(client, "limited");

		assertThat(channel.queueDeclarePassive(allowed).getQueue()).isEqualTo(allowed);
		assertThat(channel.exchangeDeclarePassive(allowed)).isNotNull();
		assertClosesChannelMatching(channel, 403, refusal("queue", refused, "limited"),
				() -> channel.queueDeclarePassive(refused));
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
