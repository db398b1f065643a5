package dev.warren.broker.rabbitmq;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.MessageProperties;
import dev.warren.broker.RabbitMqVersion;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.warren.broker.rabbitmq.Refusals.assertClosesChannelMatching;
import static dev.warren.broker.rabbitmq.TestClient.text;
import static dev.warren.broker.rabbitmq.TestClient.unique;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The user {@code topical} may do everything in the virtual host {@code /}, but with
 * {@code amq.topic} write only {@code ^w\.|^{username}\.} and read only
 * {@code ^r\.|^{vhost}$|^{client_id}\.}, and, if it were a topic exchange, nothing with
 * {@code amq.direct}. The user {@code topicless} may nothing with {@code amq.topic}.
 */
@CompatibilityTests
@DisplayName("Topic permissions")
class TopicPermissionsTests {

	private static final String EXCHANGE = "amq.topic";

	private static Channel connect(TestClient client, String virtualHost) throws Exception {
		return connect(client, "topical", virtualHost);
	}

	private static Channel connect(TestClient client, String user, String virtualHost) throws Exception {
		return client.connect((factory) -> {
			factory.setUsername(user);
			factory.setPassword(user);
			factory.setVirtualHost(virtualHost);
		}).createChannel();
	}

	private static String refusal(String kind, String key, String exchange) {
		return refusal(kind, key, exchange, "topical");
	}

	private static String refusal(String kind, String key, String exchange, String user) {
		return "ACCESS_REFUSED - (" + kind + " )?access to topic '\\Q" + key + "\\E' in exchange '" + exchange
				+ "' in vhost '/' refused for user '" + user + "'";
	}

	private static void publish(Channel channel, String exchange, String key, @Nullable BasicProperties properties)
			throws IOException {
		channel.basicPublish(exchange, key, properties, "it came".getBytes());
		// Nobody answers a publishing.
		channel.basicQos(1);
	}

	private static BasicProperties headers(String name, Object value) {
		return new BasicProperties.Builder().headers(Map.of(name, value)).build();
	}

	@Test
	@DisplayName("A message with a routing key that the user may write gets through")
	void publishing(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.channel().queueBind(queue, EXCHANGE, "w." + queue);
		Channel channel = connect(client, "/");

		publish(channel, EXCHANGE, "w." + queue, null);

		assertThat(text(client.take(queue))).isEqualTo("it came");
	}

	@ParameterizedTest(quoteTextArguments = false,
			name = "Publishing `{0}` is 403 ACCESS_REFUSED where the user may write `^w\\.`")
	@ValueSource(strings = { "x.key", "W.key", "r.key" })
	void publishingIsRefused(String key, TestClient client) throws Exception {
		Channel channel = connect(client, "/");

		assertClosesChannelMatching(channel, 403, refusal("write", key, EXCHANGE),
				() -> publish(channel, EXCHANGE, key, null));
	}

	@Test
	@DisplayName("`{username}` is the user's name")
	void theUsersName(TestClient client) throws Exception {
		Channel channel = connect(client, "/");

		publish(channel, EXCHANGE, "topical.key", null);

		assertThat(channel.isOpen()).isTrue();
	}

	@ParameterizedTest(quoteTextArguments = false, name = "Binding with `{0}` works where the user may read it")
	@ValueSource(strings = { "r.key", "r.#", "r.*.key" })
	void binding(String key, TestClient client) throws Exception {
		String queue = client.queue();
		Channel channel = connect(client, "/");

		channel.queueBind(queue, EXCHANGE, key);
		channel.queueUnbind(queue, EXCHANGE, key);

		assertThat(channel.isOpen()).isTrue();
	}

	@ParameterizedTest(quoteTextArguments = false,
			name = "Binding with `{0}` is 403 ACCESS_REFUSED where the user may read `^r\\.`")
	@ValueSource(strings = { "#", "*.key", "*", "", "w.key", "r" })
	void bindingIsRefused(String key, TestClient client) throws Exception {
		String queue = client.queue();
		Channel channel = connect(client, "/");

		assertClosesChannelMatching(channel, 403, refusal("read", key, EXCHANGE),
				() -> channel.queueBind(queue, EXCHANGE, key));
	}

	@Test
	@DisplayName("Unbinding takes the same permission as binding")
	void unbindingIsRefused(TestClient client) throws Exception {
		String queue = client.queue();
		client.channel().queueBind(queue, EXCHANGE, "x.key");
		Channel channel = connect(client, "/");

		assertClosesChannelMatching(channel, 403, refusal("read", "x.key", EXCHANGE),
				() -> channel.queueUnbind(queue, EXCHANGE, "x.key"));
	}

	@Test
	@DisplayName("`{vhost}` is the name of the virtual host")
	void theVirtualHostsName(TestClient client) throws Exception {
		String queue = client.queue();
		Channel channel = connect(client, "/");

		channel.queueBind(queue, EXCHANGE, "/");

		assertThat(channel.isOpen()).isTrue();
	}

	@Test
	@DisplayName("`{client_id}` is what it is, since AMQP 0-9-1 has no client identifiers")
	void clientIds(TestClient client) throws Exception {
		String queue = client.queue();
		Channel channel = connect(client, "/");

		channel.queueBind(queue, EXCHANGE, "{client_id}.key");

		assertThat(channel.isOpen()).isTrue();
	}

	@Test
	@DisplayName("Binding an exchange asks for the topic of the source, and not of the destination")
	void bindingExchanges(TestClient client) throws Exception {
		String other = client.exchange("topic");
		Channel channel = connect(client, "/");

		channel.exchangeBind(EXCHANGE, other, "x.key");
		channel.exchangeUnbind(EXCHANGE, other, "x.key");
		channel.exchangeBind(other, EXCHANGE, "r.key");
		channel.exchangeUnbind(other, EXCHANGE, "r.key");
		assertClosesChannelMatching(channel, 403, refusal("read", "x.key", EXCHANGE),
				() -> channel.exchangeBind(other, EXCHANGE, "x.key"));
	}

	@Test
	@DisplayName("An empty pattern matches the empty routing key only")
	void emptyPatterns(TestClient client) throws Exception {
		Channel channel = connect(client, "topicless", "/");
		publish(channel, EXCHANGE, "", null);

		assertClosesChannelMatching(channel, 403, refusal("write", "key", EXCHANGE, "topicless"),
				() -> publish(channel, EXCHANGE, "key", null));
	}

	@Test
	@DisplayName("Exchanges of other types have no topics")
	void otherTypes(TestClient client) throws Exception {
		String queue = client.queue();
		Channel channel = connect(client, "/");

		channel.queueBind(queue, "amq.direct", queue);
		publish(channel, "amq.direct", queue, null);

		assertThat(text(client.take(queue))).isEqualTo("it came");
	}

	@Test
	@DisplayName("Where a user has no topic permission for an exchange, every topic is permitted")
	void otherExchanges(TestClient client) throws Exception {
		String exchange = client.exchange("topic");
		String queue = client.queue();
		Channel channel = connect(client, "/");

		channel.queueBind(queue, exchange, "#");
		publish(channel, exchange, "x.key", null);

		assertThat(text(client.take(queue))).isEqualTo("it came");
	}

	@Test
	@DisplayName("Topic permissions are those of one virtual host")
	void otherVirtualHosts(TestClient client) throws Exception {
		Channel channel = connect(client, "other");

		publish(channel, EXCHANGE, "x.key", null);

		assertThat(channel.isOpen()).isTrue();
	}

	@ParameterizedTest(quoteTextArguments = false, name = "The routing keys in `{0}` need the permission, too")
	@ValueSource(strings = { "CC", "BCC" })
	@From(RabbitMqVersion.V4_0)
	void carbonCopiesAreRefused(String header, TestClient client) throws Exception {
		Channel channel = connect(client, "/");
		publish(channel, EXCHANGE, "w.key", headers(header, List.of("w.other")));

		assertClosesChannelMatching(channel, 403, refusal("write", "x.key", EXCHANGE),
				() -> publish(channel, EXCHANGE, "w.key", headers(header, List.of("w.other", "x.key"))));
	}

	@ParameterizedTest(quoteTextArguments = false, name = "The routing keys in `{0}` need no permission")
	@ValueSource(strings = { "CC", "BCC" })
	@Until(RabbitMqVersion.V3_10)
	void carbonCopiesAreNotChecked(String header, TestClient client) throws Exception {
		Channel channel = connect(client, "/");

		publish(channel, EXCHANGE, "w.key", headers(header, List.of("x.key")));

		assertThat(channel.isOpen()).isTrue();
	}

	@Test
	@DisplayName("A message that comes to a topic exchange through another exchange is not checked")
	void throughAnotherExchange(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.channel().queueBind(queue, EXCHANGE, queue);
		String fanout = client.exchange("fanout");
		String alternate = client.exchange("direct", Map.of("alternate-exchange", EXCHANGE));
		client.channel().exchangeBind(EXCHANGE, fanout, "");
		Channel channel = connect(client, "/");

		publish(channel, fanout, queue, null);
		publish(channel, alternate, queue, null);

		assertThat(text(client.take(queue))).isEqualTo("it came");
		assertThat(text(client.take(queue))).isEqualTo("it came");
	}

	@Test
	@DisplayName("Dead letters are not checked")
	void deadLetters(TestClient client) throws Exception {
		String graveyard = client.exclusiveQueue();
		client.channel().queueBind(graveyard, EXCHANGE, "x." + graveyard);
		String queue = unique("queue");
		Channel channel = connect(client, "/");
		channel.queueDeclare(queue, false, true, false,
				Map.of("x-dead-letter-exchange", EXCHANGE, "x-dead-letter-routing-key", "x." + graveyard));

		publish(channel, "", queue, null);
		channel.basicReject(channel.basicGet(queue, false).getEnvelope().getDeliveryTag(), false);

		assertThat(text(client.await(graveyard))).isEqualTo("it came");
	}

	@Test
	@DisplayName("Who consumes what others have bound needs no topic permission")
	void consuming(TestClient client) throws Exception {
		String queue = client.queue();
		client.channel().queueBind(queue, EXCHANGE, "x." + queue);
		client.send(EXCHANGE, "x." + queue, MessageProperties.BASIC, "it came");

		assertThat(text(connect(client, "/").basicGet(queue, true))).isEqualTo("it came");
	}

	@Test
	@DisplayName("A topic is asked for before the property `expiration` is looked at")
	@Until(RabbitMqVersion.V3_10)
	void topicsComeBeforeProperties(TestClient client) throws Exception {
		Channel channel = connect(client, "/");

		assertClosesChannelMatching(channel, 403, refusal("write", "x.key", EXCHANGE),
				() -> publish(channel, EXCHANGE, "x.key", new BasicProperties.Builder().expiration("never").build()));
	}

	@Test
	@DisplayName("The property `expiration` is looked at before a topic is asked for")
	@From(RabbitMqVersion.V4_0)
	void topicsComeAfterProperties(TestClient client) throws Exception {
		Channel channel = connect(client, "/");

		assertClosesChannelMatching(channel, 406, "PRECONDITION_FAILED - invalid expiration.*",
				() -> publish(channel, EXCHANGE, "x.key", new BasicProperties.Builder().expiration("never").build()));
	}

}
