package dev.warren.broker.rabbitmq;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.rabbitmq.definitions.Policy;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is durable survives a restart with all its arguments.
 */
class RestartTests {

	private static final Map<String, Object> QUEUE_ARGUMENTS = Map.of("x-message-ttl", 3_600_000,
			"x-dead-letter-exchange", "graves", "x-max-priority", 5);

	private static final Map<String, Object> QUORUM_ARGUMENTS = Map.of("x-queue-type", "quorum", "x-delivery-limit", 3);

	private static final Map<String, Object> EXCHANGE_ARGUMENTS = Map.of("alternate-exchange", "strays");

	@TempDir
	Path dataDir;

	@Test
	void queuesExchangesAndBindingsKeepTheirArguments() throws Exception {
		withChannel((channel) -> declareEverything(channel));

		withChannel((channel) -> {
			// Redeclaring with other arguments would close the channel.
			declareEverything(channel);
			channel.basicPublish("front", "some.key", MessageProperties.PERSISTENT_BASIC, body("routed"));
			channel.basicPublish("front", "unknown", MessageProperties.PERSISTENT_BASIC, body("stray"));

			assertThat(text(channel.basicGet("work", true))).isEqualTo("routed");
			assertThat(text(channel.basicGet("quorum", true))).isEqualTo("stray");
		});
	}

	@Test
	void policiesApplyFromTheStart() throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().diskStore(this.dataDir).start()) {
			Policy policy = new Policy("/", "short", "^short$", "queues", Map.of("max-length", 1), 0);
			broker.administration()
				.definitions()
				.change((before) -> before.withPolicies((table) -> table.with(policy)));
		}

		withChannel((channel) -> {
			channel.confirmSelect();
			channel.queueDeclare("short", true, false, false, null);
			for (String text : List.of("1", "2")) {
				channel.basicPublish("", "short", MessageProperties.PERSISTENT_BASIC, body(text));
			}
			channel.waitForConfirmsOrDie(10_000);
		});

		withChannel((channel) -> {
			channel.basicPublish("", "short", MessageProperties.PERSISTENT_BASIC, body("3"));

			assertThat(text(channel.basicGet("short", true))).isEqualTo("3");
			assertThat(channel.basicGet("short", true)).isNull();
		});
	}

	@Test
	void persistentMessagesComeBackInOrder() throws Exception {
		withChannel((channel) -> {
			channel.queueDeclare("work", true, false, false, QUEUE_ARGUMENTS);
			channel.confirmSelect();
			for (int i = 0; i < 100; i++) {
				AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder().deliveryMode(2)
					.priority(i % 2)
					.build();
				channel.basicPublish("", "work", properties, body("message " + i));
			}
			channel.basicPublish("", "work", MessageProperties.BASIC, body("transient"));
			channel.waitForConfirmsOrDie(10_000);
		});

		withChannel((channel) -> {
			assertThat(channel.queueDeclarePassive("work").getMessageCount()).isEqualTo(100);
			assertThat(text(channel.basicGet("work", true))).isEqualTo("message 1");
			assertThat(text(channel.basicGet("work", true))).isEqualTo("message 3");
		});
	}

	@Test
	void whatWasAcknowledgedDoesNotComeBack() throws Exception {
		withChannel((channel) -> {
			channel.queueDeclare("quorum", true, false, false, QUORUM_ARGUMENTS);
			channel.confirmSelect();
			// A quorum queue keeps every message.
			channel.basicPublish("", "quorum", MessageProperties.BASIC, body("acknowledged"));
			channel.basicPublish("", "quorum", MessageProperties.BASIC, body("not acknowledged"));
			channel.waitForConfirmsOrDie(10_000);
			GetResponse first = channel.basicGet("quorum", false);
			channel.basicGet("quorum", false);
			channel.basicAck(first.getEnvelope().getDeliveryTag(), false);
			// An answer comes after the acknowledgement was dealt with.
			channel.basicQos(1);
		});

		withChannel((channel) -> {
			assertThat(text(channel.basicGet("quorum", true))).isEqualTo("not acknowledged");
			assertThat(channel.basicGet("quorum", true)).isNull();
		});
	}

	@Test
	void whatWasDeletedDoesNotComeBack() throws Exception {
		withChannel((channel) -> {
			declareEverything(channel);
			channel.exchangeUnbind("back", "front", "some.*");
			channel.queueDelete("quorum");
			channel.exchangeDelete("strays");
		});

		withChannel((channel) -> {
			channel.confirmSelect();
			channel.basicPublish("front", "some.key", MessageProperties.PERSISTENT_BASIC, body("nowhere"));
			channel.waitForConfirmsOrDie(10_000);

			assertThat(channel.basicGet("work", true)).isNull();
			assertThat(channel.queueDeclare("quorum", false, false, true, null).getMessageCount()).isZero();
		});
	}

	@Test
	void whatOneQueueDropsAfterTheRestartIsStillInTheOthers() throws Exception {
		withChannel((channel) -> {
			for (int i = 0; i < 6; i++) {
				String queue = "short-" + i;
				channel.queueDeclare(queue, true, false, false, Map.of("x-max-length", 1));
				channel.queueBind(queue, "amq.fanout", "");
				channel.queueDeclare("lasting-" + i, true, false, false, null);
				channel.queueBind("lasting-" + i, "amq.fanout", "");
				// Held unacknowledged, two messages are in a queue that may have one
				// ready.
				channel.basicConsume(queue, false, (tag, delivery) -> {
				}, (tag) -> {
				});
			}
			channel.confirmSelect();
			channel.basicPublish("amq.fanout", "", MessageProperties.PERSISTENT_BASIC, body("first"));
			channel.basicPublish("amq.fanout", "", MessageProperties.PERSISTENT_BASIC, body("second"));
			channel.waitForConfirmsOrDie(10_000);
		});

		withChannel((channel) -> {
			for (int i = 0; i < 6; i++) {
				assertThat(text(channel.basicGet("lasting-" + i, true))).isEqualTo("first");
				assertThat(text(channel.basicGet("lasting-" + i, true))).isEqualTo("second");
			}
		});
	}

	@Test
	void whatExpiredWhileTheBrokerWasDownComesInOrderAfterOlderDeadLetters() throws Exception {
		int queues = 8;
		long lifetime = 2000;
		withChannel((channel) -> {
			channel.queueDeclare("graves", true, false, false, null);
			channel.confirmSelect();
			for (int i = 0; i < 20; i++) {
				channel.basicPublish("", "graves", MessageProperties.PERSISTENT_BASIC, body("older " + i));
			}
			for (int queue = 0; queue < queues; queue++) {
				channel.queueDeclare("short-lived-" + queue, true, false, false, Map.of("x-message-ttl", lifetime,
						"x-dead-letter-exchange", "", "x-dead-letter-routing-key", "graves"));
				for (int i = 0; i < 20; i++) {
					channel.basicPublish("", "short-lived-" + queue, MessageProperties.PERSISTENT_BASIC,
							body(queue + " " + i));
				}
			}
			channel.waitForConfirmsOrDie(10_000);
		});
		long expired = System.currentTimeMillis() + lifetime;
		Awaitility.await().until(() -> System.currentTimeMillis() > expired);

		withChannel((channel) -> {
			List<String> graves = new ArrayList<>();
			GetResponse next = channel.basicGet("graves", true);
			while (next != null) {
				graves.add(text(next));
				next = channel.basicGet("graves", true);
			}
			assertThat(graves.subList(0, 20)).isEqualTo(numbered("older"));
			for (int queue = 0; queue < queues; queue++) {
				String prefix = queue + " ";
				assertThat(graves.stream().filter((text) -> text.startsWith(prefix)))
					.containsExactlyElementsOf(numbered(Integer.toString(queue)));
			}
		});
	}

	private static List<String> numbered(String prefix) {
		return IntStream.range(0, 20).mapToObj((i) -> prefix + " " + i).toList();
	}

	@ParameterizedTest
	@ValueSource(strings = { "E:${PATH}", "${java.version}", "${this:name}", "100%24", "$", "%" })
	void aNameIsNotInterpreted(String name) throws Exception {
		withChannel((channel) -> {
			channel.queueDeclare(name, true, false, false, null);
			channel.exchangeDeclare(name, "direct", true);
			channel.queueBind(name, name, name);
			channel.confirmSelect();
			channel.basicPublish("", name, MessageProperties.PERSISTENT_BASIC, body("kept"));
			channel.waitForConfirmsOrDie(10_000);
		});

		withChannel((channel) -> {
			assertThat(text(channel.basicGet(name, true))).isEqualTo("kept");
			channel.basicPublish(name, name, null, body("routed"));
			assertThat(text(channel.basicGet(name, true))).isEqualTo("routed");
		});
	}

	private static void declareEverything(Channel channel) throws Exception {
		channel.exchangeDeclare("front", "topic", true, false, EXCHANGE_ARGUMENTS);
		channel.exchangeDeclare("back", "fanout", true);
		channel.exchangeDeclare("strays", "fanout", true);
		channel.exchangeBind("back", "front", "some.*");
		channel.queueDeclare("work", true, false, false, QUEUE_ARGUMENTS);
		channel.queueBind("work", "back", "");
		channel.queueDeclare("quorum", true, false, false, QUORUM_ARGUMENTS);
		channel.queueBind("quorum", "strays", "");
	}

	private void withChannel(ChannelAction action) throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().diskStore(this.dataDir).start()) {
			ConnectionFactory factory = new ConnectionFactory();
			factory.setUri(broker.uri());
			try (Connection connection = factory.newConnection(); Channel channel = connection.createChannel()) {
				action.run(channel);
			}
		}
	}

	private static byte[] body(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static String text(GetResponse response) {
		return new String(response.getBody(), StandardCharsets.UTF_8);
	}

	private interface ChannelAction {

		void run(Channel channel) throws Exception;

	}

}
