package dev.warren.broker.rabbitmq;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.RabbitMqVersion;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.DirectExchange;
import org.springframework.amqp.core.ExchangeBuilder;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

import static dev.warren.broker.rabbitmq.Refusals.assertClosesChannel;
import static dev.warren.broker.rabbitmq.Refusals.assertClosesConnection;
import static dev.warren.broker.rabbitmq.Refusals.assertClosesConnectionMatching;
import static dev.warren.broker.rabbitmq.TestClient.text;
import static dev.warren.broker.rabbitmq.TestClient.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * The exchange type {@code x-delayed-message}, which is that of a plugin that no RabbitMQ
 * comes with: what is expected is what its documentation and its source say.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DelayedExchangeTests {

	private static final String DELAYED = "x-delayed-message";

	private static final int AN_HOUR = 3_600_000;

	private static EmbeddedBroker broker;

	private TestClient client;

	@BeforeAll
	static void start() {
		broker = EmbeddedBroker.builder().version(RabbitMqVersion.V4_3).start();
	}

	@AfterAll
	static void stop() {
		broker.close();
	}

	@BeforeEach
	void connect() {
		this.client = new TestClient(broker.host(), broker.port());
	}

	@AfterEach
	void disconnect() throws Exception {
		this.client.close();
	}

	@Test
	void messagesComeWhenTheyAreDue() throws Exception {
		String exchange = exchange("direct");
		String queue = bind(exchange, "key");

		for (int delay : new int[] { 2400, 800, AN_HOUR, 1600, 800, 100 }) {
			this.client.send(exchange, "key", delay(delay), "after " + delay);
		}

		List<String> bodies = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			bodies.add(text(this.client.await(queue)));
		}
		assertThat(bodies).containsExactly("after 100", "after 800", "after 800", "after 1600", "after 2400");
		assertThat(this.client.ready(queue)).isZero();
	}

	@ParameterizedTest
	@MethodSource("delays")
	void theHeaderIsNegativeAfterwards(Object delay, Number afterwards) throws Exception {
		String exchange = exchange("fanout");
		String queue = bind(exchange, "");

		this.client.send(exchange, "", delay(delay), "delayed");

		GetResponse response = this.client.await(queue);
		assertThat(response.getProps().getHeaders()).containsEntry("x-delay", afterwards).containsEntry("other", 1);
		assertThat(response.getEnvelope().isRedeliver()).isFalse();
		assertThat(response.getEnvelope().getExchange()).isEqualTo(exchange);
	}

	static Stream<Arguments> delays() {
		return Stream.of(arguments(50, -50), arguments(50L, -50), arguments((short) 50, -50), arguments((byte) 50, -50),
				arguments("50", -50), arguments("+50", -50), arguments(50.9, -50));
	}

	@ParameterizedTest
	@NullSource
	@MethodSource("noDelays")
	void othersAreRoutedAtOnceAsTheyAre(@Nullable Object delay) throws Exception {
		String exchange = exchange("fanout");
		String queue = bind(exchange, "");

		this.client.send(exchange, "", delay(delay), "at once");

		Map<String, Object> headers = this.client.take(queue).getProps().getHeaders();
		assertThat(String.valueOf(headers.get("x-delay"))).isEqualTo(String.valueOf(delay));
	}

	static Stream<Object> noDelays() {
		return Stream.of(0, -5, 4_294_967_296L, Long.MIN_VALUE, "0", "-5", "99999999999999999999", 0.9, Double.NaN,
				true, new BigDecimal("50"), new Date(50_000), List.of(50));
	}

	@Test
	void messagesWithoutHeadersAreRoutedAtOnce() throws Exception {
		String exchange = exchange("fanout");
		String queue = bind(exchange, "");

		this.client.send(exchange, "", new BasicProperties(), "at once");

		assertThat(this.client.ready(queue)).isOne();
	}

	@Test
	void theLongestDelayIs49Days() throws Exception {
		String exchange = exchange("fanout");
		String queue = bind(exchange, "");

		this.client.send(exchange, "", delay(4_294_967_295L), "later");
		this.client.send(exchange, "", delay("4294967295"), "later");

		assertThat(this.client.ready(queue)).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "soon", "", "1.5", "5 " })
	void aTextThatIsNoNumberClosesTheConnection(String delay) throws Exception {
		String exchange = exchange("fanout");
		Channel channel = this.client.stranger();

		assertClosesConnectionMatching(channel.getConnection(), 541, "INTERNAL_ERROR.*",
				() -> channel.basicPublish(exchange, "", delay(delay), new byte[0]));
	}

	@ParameterizedTest
	@CsvSource({ "direct, a.b, a.b, 1", "direct, a.b, a.c, 0", "fanout, a, b, 1", "topic, a.*, a.b, 1",
			"topic, a.*, b.b, 0", "headers, '', '', 1", "x-consistent-hash, 1, a, 1", "x-local-random, '', a, 1" })
	void theDelayedTypeRoutes(String type, String bindingKey, String routingKey, int expected) throws Exception {
		String exchange = exchange(type);
		String queue = bind(exchange, bindingKey);

		this.client.send(exchange, routingKey, delay(null), "at once");
		assertThat(this.client.ready(queue)).isEqualTo(expected);

		this.client.send(exchange, routingKey, delay(50), "delayed");
		this.client.awaitReady(queue, 2 * expected);
	}

	@Test
	void theDelayedTypeChecksBindings() throws Exception {
		String exchange = exchange("x-consistent-hash");
		String queue = this.client.exclusiveQueue();
		Channel channel = this.client.channel();

		assertClosesChannel(channel, 406, "PRECONDITION_FAILED - The binding key must be an integer: <<\"heavy\">>",
				() -> channel.queueBind(queue, exchange, "heavy"));
	}

	@Test
	void theDelayedTypeChecksArguments() throws Exception {
		Channel channel = this.client.channel();

		assertClosesChannel(channel, 406, "PRECONDITION_FAILED - Unsupported property: app_id",
				() -> channel.exchangeDeclare(unique("delayed"), DELAYED, false, true,
						Map.of("x-delayed-type", "x-consistent-hash", "hash-property", "app_id")));
	}

	@ParameterizedTest
	@MethodSource("wrongTypes")
	void theDelayedTypeMustBeAnother(Map<String, Object> arguments, String text) throws Exception {
		Channel channel = this.client.channel();

		assertClosesChannel(channel, 406, "PRECONDITION_FAILED - " + text,
				() -> channel.exchangeDeclare(unique("delayed"), DELAYED, false, true, arguments));
	}

	static Stream<Arguments> wrongTypes() {
		String none = "Invalid argument, 'x-delayed-type' must be an existing exchange type";
		return Stream.of(arguments(Map.of(), none), arguments(Map.of("x-delayed-type", 1), none),
				arguments(Map.of("x-delayed-type", "x-unknown"), "unknown exchange type 'x-unknown'"),
				arguments(Map.of("x-delayed-type", ""), "unknown exchange type ''"),
				arguments(Map.of("x-delayed-type", DELAYED),
						"Invalid argument, 'x-delayed-message' can't be used for 'x-delayed-type'"));
	}

	@Test
	void theDelayedTypeIsOneOfTheVersions() throws Exception {
		try (EmbeddedBroker old = EmbeddedBroker.builder().version(RabbitMqVersion.V3_10).start();
				TestClient oldClient = new TestClient(old.host(), old.port())) {
			Channel channel = oldClient.channel();

			assertClosesConnection(oldClient.connection(), 503,
					"COMMAND_INVALID - unknown exchange type 'x-local-random'",
					() -> channel.exchangeDeclare(unique("delayed"), DELAYED, false, true,
							Map.of("x-delayed-type", "x-local-random")));
		}
	}

	@Test
	void theDelayedTypeIsNotCompared() throws Exception {
		String exchange = exchange("direct");

		this.client.channel().exchangeDeclare(exchange, DELAYED, false, false, Map.of("x-delayed-type", "topic"));
	}

	@Test
	void bindingsCountWhenTheMessageIsDue() throws Exception {
		String exchange = exchange("fanout");
		String unbound = bind(exchange, "");
		this.client.send(exchange, "", delay(500), "delayed");

		this.client.channel().queueUnbind(unbound, exchange, "");
		String bound = bind(exchange, "");

		assertThat(text(this.client.await(bound))).isEqualTo("delayed");
		assertThat(this.client.ready(unbound)).isZero();
	}

	@Test
	void aMandatoryMessageComesBackAtOnceAndIsDeliveredNevertheless() throws Exception {
		String exchange = exchange("fanout");
		String queue = bind(exchange, "");
		List<String> events = new ArrayList<>();
		Channel channel = this.client.channel();
		channel.addReturnListener((returned) -> events
			.add("returned " + returned.getReplyText() + " " + returned.getProperties().getHeaders().get("x-delay")));
		channel.confirmSelect();

		channel.basicPublish(exchange, "", true, delay(50), new byte[0]);
		channel.waitForConfirmsOrDie(10_000);

		assertThat(events).containsExactly("returned NO_ROUTE 50");
		this.client.awaitReady(queue, 1);
	}

	@Test
	void anAlternateExchangeGetsADelayedMessageAtOnce() throws Exception {
		String alternate = this.client.exchange("fanout");
		String stray = bind(alternate, "");
		String exchange = this.client.exchange(DELAYED,
				Map.of("x-delayed-type", "fanout", "alternate-exchange", alternate));
		String queue = bind(exchange, "");

		this.client.send(exchange, "", delay(50), "delayed");

		assertThat(this.client.take(stray).getProps().getHeaders()).containsEntry("x-delay", 50);
		assertThat(this.client.await(queue).getProps().getHeaders()).containsEntry("x-delay", -50);
		assertThat(this.client.ready(stray)).isZero();
	}

	@Test
	void anExchangeThatIsBoundToAnotherDelaysToo() throws Exception {
		String first = this.client.exchange("fanout");
		String exchange = exchange("topic");
		String second = exchange("topic");
		String queue = bind(second, "key.#");
		Channel channel = this.client.channel();
		channel.exchangeBind(exchange, first, "");
		channel.exchangeBind(second, exchange, "#");

		this.client.send(first, "key.one", delay(50), "delayed once");

		GetResponse response = this.client.await(queue);
		assertThat(response.getEnvelope().getExchange()).isEqualTo(first);
		assertThat(response.getEnvelope().getRoutingKey()).isEqualTo("key.one");
	}

	@Test
	void deadLettersAreDelayed() throws Exception {
		String exchange = exchange("fanout");
		String graves = bind(exchange, "");
		String queue = this.client.exclusiveQueue(Map.of("x-dead-letter-exchange", exchange));
		this.client.send("", queue, delay(50), "rejected");
		Channel channel = this.client.channel();

		channel.basicReject(channel.basicGet(queue, false).getEnvelope().getDeliveryTag(), false);

		assertThat(this.client.await(graves).getProps().getHeaders()).containsEntry("x-delay", -50)
			.hasEntrySatisfying("x-first-death-queue", (value) -> assertThat(value).hasToString(queue))
			.containsKey("x-death");
	}

	@Test
	void theExpirationCountsFromWhenTheMessageIsDue() throws Exception {
		String exchange = exchange("fanout");
		String queue = bind(exchange, "");
		Map<String, Object> headers = Map.of("x-delay", 300);

		this.client.send(exchange, "", new BasicProperties.Builder().headers(headers).expiration("60000").build(),
				"lives");
		this.client.send(exchange, "", new BasicProperties.Builder().headers(headers).expiration("0").build(),
				"is gone at once");
		this.client.send(exchange, "", delay(300), "comes last");

		assertThat(text(this.client.await(queue))).isEqualTo("lives");
		assertThat(text(this.client.await(queue))).isEqualTo("comes last");
	}

	@ParameterizedTest
	@CsvSource({ "CC, 50", "BCC, 50", "BCC, 0" })
	void carbonCopiesAreDelayed(String header, int delay) throws Exception {
		String exchange = exchange("direct");
		String copy = bind(exchange, "copy");

		this.client.send(exchange, "key",
				new BasicProperties.Builder().headers(Map.of("x-delay", delay, header, List.of("copy"))).build(),
				"copied");

		GetResponse response = this.client.await(copy);
		assertThat(text(response)).isEqualTo("copied");
		assertThat(response.getProps().getHeaders()).doesNotContainKey("BCC");
	}

	@Test
	void aTransactionDelaysWhatItCommits() throws Exception {
		String exchange = exchange("fanout");
		String queue = bind(exchange, "");
		Channel channel = this.client.channel();
		channel.txSelect();

		channel.basicPublish(exchange, "", delay(50), "rolled back".getBytes());
		channel.txRollback();
		channel.basicPublish(exchange, "", delay(50), "committed".getBytes());
		channel.txCommit();

		assertThat(text(this.client.await(queue))).isEqualTo("committed");
		assertThat(this.client.ready(queue)).isZero();
	}

	@Test
	void delayedMessagesGoWithTheirExchange() throws Exception {
		String exchange = exchange("fanout");
		String queue = bind(exchange, "");
		this.client.send(exchange, "", delay(2000), "gone");
		Channel channel = this.client.channel();

		channel.exchangeDelete(exchange);
		channel.exchangeDeclare(exchange, DELAYED, false, false, Map.of("x-delayed-type", "fanout"));
		channel.queueBind(queue, exchange, "");
		this.client.send(exchange, "", delay(2100), "comes");

		assertThat(text(this.client.await(queue))).isEqualTo("comes");
	}

	@Test
	void theQueueOfDelayedMessagesIsNobodysBusiness() throws Exception {
		String exchange = exchange("fanout");
		String hidden = "amq.delayed." + exchange;
		Channel channel = this.client.channel();

		assertThat(this.client.returned("", hidden)).isTrue();
		assertClosesChannel(channel, 404, "NOT_FOUND - no queue '" + hidden + "' in vhost '/'",
				() -> channel.queueDeclarePassive(hidden));
	}

	@Test
	void delayedExchangesDoNotCountAsQueues() throws Exception {
		try (EmbeddedBroker limited = EmbeddedBroker.builder().virtualHostLimits("/", -1, 1).start();
				TestClient limitedClient = new TestClient(limited.host(), limited.port())) {
			String queue = limitedClient.exclusiveQueue();

			String exchange = limitedClient.exchange(DELAYED, Map.of("x-delayed-type", "fanout"));
			limitedClient.channel().queueBind(queue, exchange, "");
			limitedClient.send(exchange, "", delay(50), "delayed");

			assertThat(text(limitedClient.await(queue))).isEqualTo("delayed");
		}
	}

	@Test
	void springDeclaresAndDelays() throws Exception {
		CachingConnectionFactory connections = new CachingConnectionFactory(broker.host(), broker.port());
		try {
			RabbitAdmin admin = new RabbitAdmin(connections);
			RabbitTemplate template = new RabbitTemplate(connections);
			DirectExchange exchange = ExchangeBuilder.directExchange(unique("spring")).delayed().durable(false).build();
			Queue queue = new Queue(unique("spring"), false);
			admin.declareExchange(exchange);
			admin.declareQueue(queue);
			admin.declareBinding(BindingBuilder.bind(queue).to(exchange).with("key"));

			template.convertAndSend(exchange.getName(), "key", "delayed", (message) -> {
				message.getMessageProperties().setDelayLong(100L);
				return message;
			});

			assertThat(template.receive(queue.getName(), 10_000)).isNotNull()
				.extracting(Message::getMessageProperties)
				.returns(100L, MessageProperties::getReceivedDelayLong);
			admin.deleteQueue(queue.getName());
			admin.deleteExchange(exchange.getName());
		}
		finally {
			connections.destroy();
		}
	}

	private String exchange(String type) throws Exception {
		return this.client.exchange(DELAYED, Map.of("x-delayed-type", type));
	}

	private String bind(String exchange, String key) throws Exception {
		String queue = this.client.exclusiveQueue();
		this.client.channel().queueBind(queue, exchange, key);
		return queue;
	}

	private static BasicProperties delay(@Nullable Object delay) {
		Map<String, @Nullable Object> headers = new HashMap<>(Map.of("other", 1));
		if (delay != null) {
			headers.put("x-delay", delay);
		}
		return new BasicProperties.Builder().headers(headers).build();
	}

}
