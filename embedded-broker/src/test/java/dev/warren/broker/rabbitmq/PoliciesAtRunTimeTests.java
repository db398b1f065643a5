package dev.warren.broker.rabbitmq;

import java.util.HashMap;
import java.util.Map;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.MessageProperties;
import dev.warren.broker.RabbitMqVersion;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@CompatibilityTests
@DisplayName("Policies")
class PoliciesAtRunTimeTests {

	private static final int LONG = 600_000;

	@ParameterizedTest(quoteTextArguments = false, name = "`max-length` drops what a {0} queue has too much already")
	@ValueSource(strings = { "classic", "quorum" })
	void lengthOfWhatIsThere(String type, TestClient client, PolicyClient policies) throws Exception {
		String queue = queue(client, type, Map.of());
		client.send(queue, "1", "2", "3", "4");

		String policy = policies.set(queue, Map.of("max-length", 2));

		client.awaitReady(queue, 2);
		assertThat(TestClient.text(client.take(queue))).isEqualTo("3");
		policies.clear(policy);
		client.send(queue, "5", "6");
		client.awaitReady(queue, 3);
	}

	@Test
	@DisplayName("A policy applies to queues that are declared later")
	void aLaterQueue(TestClient client, PolicyClient policies) throws Exception {
		String queue = TestClient.unique("later");
		policies.set(queue, Map.of("max-length", 1));
		Channel channel = client.channel();
		channel.queueDeclare(queue, false, true, false, null);

		client.send(queue, "1", "2");

		client.awaitReady(queue, 1);
	}

	@ParameterizedTest(quoteTextArguments = false,
			name = "The lowest `max-length` counts: {0} of the policy, {1} of the operator, {2} of the queue")
	@CsvSource({ "2, 3, 4", "3, 2, 4", "4, 3, 2" })
	void theLowestLength(int ofPolicy, int ofOperator, int ofQueue, TestClient client, PolicyClient policies)
			throws Exception {
		String queue = client.queue(Map.of("x-max-length", ofQueue));
		policies.set(queue, Map.of("max-length", ofPolicy));
		policies.setOperators(queue, Map.of("max-length", ofOperator));

		client.send(queue, "1", "2", "3", "4", "5");

		client.awaitReady(queue, 2);
	}

	@Test
	@DisplayName("The policy with the highest priority counts, and nothing of others")
	void priorities(TestClient client, PolicyClient policies) throws Exception {
		String queue = client.queue();
		policies.set(queue, Map.of("max-length", 1), "queues", 1);
		policies.set(queue, Map.of("max-length", 2), "queues", 3);
		policies.set(queue, Map.of("max-length", 3, "message-ttl", 0), "queues", 2);

		client.send(queue, "1", "2", "3", "4");

		client.awaitReady(queue, 2);
	}

	@ParameterizedTest(quoteTextArguments = false,
			name = "`dead-letter-exchange` and `dead-letter-routing-key` apply to a {0} queue")
	@ValueSource(strings = { "classic", "quorum" })
	void deadLetters(String type, TestClient client, PolicyClient policies) throws Exception {
		String queue = queue(client, type, Map.of());
		String target = client.queue();
		client.send(queue, "1");
		policies.set(queue, Map.of("dead-letter-exchange", "", "dead-letter-routing-key", target));

		reject(client, queue);

		assertThat(TestClient.text(client.await(target))).isEqualTo("1");
	}

	@ParameterizedTest(quoteTextArguments = false,
			name = "A {0} queue''s own `x-dead-letter-routing-key` counts before a policy''s")
	@ValueSource(strings = { "classic", "quorum" })
	void ownDeadLetters(String type, TestClient client, PolicyClient policies) throws Exception {
		String target = client.queue();
		String queue = queue(client, type, Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", target));
		client.send(queue, "1");
		policies.set(queue, Map.of("dead-letter-exchange", "amq.fanout", "dead-letter-routing-key", "nobody"));

		reject(client, queue);

		assertThat(TestClient.text(client.await(target))).isEqualTo("1");
	}

	@ParameterizedTest(quoteTextArguments = false,
			name = "`message-ttl` applies to messages that come to a {0} queue later")
	@ValueSource(strings = { "classic", "quorum" })
	void timeToLive(String type, TestClient client, PolicyClient policies) throws Exception {
		String queue = queue(client, type, Map.of());
		client.send(queue, "1");
		policies.set(queue, Map.of("message-ttl", 0));

		client.send(queue, "2");

		assertThat(TestClient.text(client.take(queue))).isEqualTo("1");
		client.awaitReady(queue, 0);
	}

	@ParameterizedTest(quoteTextArguments = false, name = "The overflow of a {0} queue is the policy''s: {1}")
	@CsvSource({ "classic, false", "quorum, true" })
	void overflow(String type, boolean policys, TestClient client, PolicyClient policies) throws Exception {
		String queue = queue(client, type, Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
		policies.set(queue, Map.of("overflow", "drop-head"));

		client.send(queue, "1");
		Channel channel = client.channel();
		channel.confirmSelect();
		boolean accepted = true;
		for (int more = 0; more < 5; more++) {
			channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, new byte[0]);
			accepted &= channel.waitForConfirms(10_000);
		}

		assertThat(accepted).isEqualTo(policys);
	}

	@Test
	@DisplayName("`reject-publish` by policy refuses what a queue has no room for")
	void rejecting(TestClient client, PolicyClient policies) throws Exception {
		String queue = client.queue();
		client.send(queue, "1");
		policies.set(queue, Map.of("max-length", 1, "overflow", "reject-publish"));
		Channel channel = client.channel();
		channel.confirmSelect();

		Awaitility.await().until(() -> {
			channel.basicPublish("", queue, null, new byte[0]);
			return !channel.waitForConfirms(10_000);
		});

		assertThat(TestClient.text(client.take(queue))).isEqualTo("1");
	}

	@Test
	@DisplayName("`delivery-limit` applies to quorum queues")
	void deliveryLimit(TestClient client, PolicyClient policies) throws Exception {
		String queue = queue(client, "quorum", Map.of());
		client.send(queue, "1");
		policies.set(queue, Map.of("delivery-limit", 1));

		for (int times = 0; times < 2; times++) {
			Channel channel = client.channel();
			channel.basicReject(Awaitility.await()
				.until(() -> channel.basicGet(queue, false), (response) -> response != null)
				.getEnvelope()
				.getDeliveryTag(), true);
		}

		client.awaitReady(queue, 0);
	}

	@Test
	@DisplayName("A policy with a key for other types of queues does not apply")
	void aKeyOfAnotherType(TestClient client, PolicyClient policies) throws Exception {
		String queue = client.queue();
		policies.set(queue, Map.of("delivery-limit", 5, "max-length", 1));

		client.send(queue, "1", "2");

		client.awaitReady(queue, 2);
	}

	@Test
	@DisplayName("`alternate-exchange` applies to exchanges that are there")
	void alternateExchange(TestClient client, PolicyClient policies) throws Exception {
		String exchange = client.exchange("direct");
		String alternate = client.exchange("fanout");
		assertThat(client.returned(exchange, "nobody")).isTrue();
		String queue = client.queue();
		client.channel().queueBind(queue, alternate, "");

		String policy = policies.set(exchange, Map.of("alternate-exchange", alternate));

		Awaitility.await().until(() -> !client.returned(exchange, "nobody"));
		assertThat(client.ready(queue)).isEqualTo(1);
		policies.clear(policy);
		Awaitility.await().until(() -> client.returned(exchange, "nobody"));
	}

	@Test
	@DisplayName("An exchange's own `alternate-exchange` counts before a policy's")
	void ownAlternateExchange(TestClient client, PolicyClient policies) throws Exception {
		String alternate = client.exchange("fanout");
		String exchange = client.exchange("direct", Map.of("alternate-exchange", alternate));
		String queue = client.queue();
		client.channel().queueBind(queue, alternate, "");

		policies.set(exchange, Map.of("alternate-exchange", "amq.fanout"));

		assertThat(client.returned(exchange, "nobody")).isFalse();
		assertThat(client.ready(queue)).isEqualTo(1);
	}

	@Test
	@DisplayName("The default exchange has no alternate exchange")
	void theDefaultExchange(TestClient client, PolicyClient policies) throws Exception {
		String alternate = client.exchange("fanout");
		client.channel().queueBind(client.queue(), alternate, "");

		policies.set("", Map.of("alternate-exchange", alternate));

		assertThat(client.returned("", TestClient.unique("nobody"))).isTrue();
	}

	@ParameterizedTest(quoteTextArguments = false, name = "`expires` deletes a {0} queue that is there")
	@ValueSource(strings = { "classic", "quorum" })
	void expiry(String type, TestClient client, PolicyClient policies) throws Exception {
		String queue = queue(client, type, Map.of("x-expires", LONG));

		policies.set(queue, Map.of("expires", 200));

		Awaitility.await().until(() -> client.returned("", queue));
	}

	@Test
	@DisplayName("`consumer-timeout` applies to quorum queues")
	@From(RabbitMqVersion.V4_3)
	void consumerTimeout(TestClient client, PolicyClient policies) throws Exception {
		String queue = queue(client, "quorum", Map.of());
		policies.set(queue, Map.of("consumer-timeout", 300));
		client.send(queue, "1");
		Deliveries deliveries = Deliveries.from(client.channel(), queue);

		deliveries.next();

		deliveries.awaitCancel();
		client.awaitReady(queue, 1);
	}

	@Test
	@DisplayName("`delayed-retry-type` applies to quorum queues")
	@From(RabbitMqVersion.V4_3)
	void delayedRetry(TestClient client, PolicyClient policies) throws Exception {
		String queue = queue(client, "quorum", Map.of());
		policies.set(queue, Map.of("delayed-retry-type", "all", "delayed-retry-min", LONG));
		client.send(queue, "1", "2");
		Channel channel = client.channel();

		channel.basicReject(Awaitility.await()
			.until(() -> channel.basicGet(queue, false), (response) -> response != null)
			.getEnvelope()
			.getDeliveryTag(), true);

		client.awaitReady(queue, 1);
		assertThat(TestClient.text(client.take(queue))).isEqualTo("2");
	}

	private static String queue(TestClient client, String type, Map<String, Object> arguments) throws Exception {
		Map<String, Object> all = new HashMap<>(arguments);
		all.put("x-queue-type", type);
		return client.durableQueue(all);
	}

	private static void reject(TestClient client, String queue) throws Exception {
		Channel channel = client.channel();
		channel.basicReject(Awaitility.await()
			.until(() -> channel.basicGet(queue, false), (response) -> response != null)
			.getEnvelope()
			.getDeliveryTag(), false);
	}

}
