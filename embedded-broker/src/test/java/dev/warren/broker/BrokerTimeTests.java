package dev.warren.broker;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

class BrokerTimeTests {

	private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);

	private static final long HALF_AN_HOUR_IN_MILLIS = HALF_AN_HOUR.toMillis();

	private static final byte[] BODY = new byte[0];

	private EmbeddedBroker broker = EmbeddedBroker.builder().start();

	private AmqpClient client;

	private Channel channel;

	@BeforeEach
	void connect() throws Exception {
		this.client = AmqpClient.connect(this.broker.uri());
		this.channel = this.client.channel();
		this.channel.confirmSelect();
	}

	@AfterEach
	void close() throws IOException {
		this.client.close();
		this.broker.close();
	}

	@Test
	void aMessageExpiresByItsOwnTimeToLive() throws Exception {
		this.client.declare("orders");
		publish("", "orders", new BasicProperties.Builder().expiration("1800000").build());
		publish("", "orders", new BasicProperties.Builder().expiration("1900000").build());

		this.broker.time().advance(HALF_AN_HOUR);

		assertThat(count("orders")).isEqualTo(1);
	}

	@Test
	void aMessageExpiresByTheTimeToLiveOfItsQueueAndIsDeadLetteredAtThatTime() throws Exception {
		this.client.declare("late");
		declare("orders", "x-message-ttl", HALF_AN_HOUR_IN_MILLIS, "x-dead-letter-exchange", "",
				"x-dead-letter-routing-key", "late");
		publish("", "orders", null);
		Instant published = Instant.now();

		this.broker.time().advance(Duration.ofMinutes(29));
		assertThat(count("late")).isZero();
		this.broker.time().advance(Duration.ofHours(1));

		assertThat(count("orders")).isZero();
		GetResponse late = this.channel.basicGet("late", true);
		assertThat(timeOfDeath(late)).isCloseTo(published.plus(HALF_AN_HOUR), within(10, ChronoUnit.SECONDS));
	}

	@Test
	void aMessageIsDeadLetteredFromQueueToQueueAsItsTimePasses() throws Exception {
		declare("second", "x-message-ttl", 20_000, "x-dead-letter-exchange", "", "x-dead-letter-routing-key", "third");
		declare("first", "x-message-ttl", 10_000, "x-dead-letter-exchange", "", "x-dead-letter-routing-key", "second");
		this.client.declare("third");
		publish("", "first", null);

		this.broker.time().advance(Duration.ofSeconds(30));

		assertThat(List.of(count("first"), count("second"), count("third"))).containsExactly(0, 0, 1);
	}

	@Test
	void whatIsDueFirstIsDoneFirst() throws Exception {
		this.client.declare("late");
		for (int minutes : List.of(3, 1, 2)) {
			declare("queue" + minutes, "x-message-ttl", Duration.ofMinutes(minutes).toMillis(),
					"x-dead-letter-exchange", "", "x-dead-letter-routing-key", "late");
			publish("", "queue" + minutes, new BasicProperties.Builder().messageId("" + minutes).build());
		}

		this.broker.time().advance(Duration.ofMinutes(5));

		assertThat(List.of(nextId("late"), nextId("late"), nextId("late"))).containsExactly("1", "2", "3");
	}

	@Test
	void aQueueThatNobodyUsesGoes() throws Exception {
		declare("orders", "x-expires", HALF_AN_HOUR_IN_MILLIS);

		this.broker.time().advance(HALF_AN_HOUR);

		assertThatExceptionOfType(IOException.class).isThrownBy(() -> count("orders"));
	}

	@Test
	void aDelayedMessageIsRouted() throws Exception {
		this.client.declare("orders");
		this.channel.exchangeDeclare("later", "x-delayed-message", true, false, Map.of("x-delayed-type", "direct"));
		this.channel.queueBind("orders", "later", "orders");
		publish("later", "orders", new BasicProperties.Builder().headers(Map.of("x-delay", 1_800_000)).build());

		this.broker.time().advance(Duration.ofMinutes(29));
		assertThat(count("orders")).isZero();
		this.broker.time().advance(Duration.ofMinutes(1));

		assertThat(count("orders")).isEqualTo(1);
	}

	@Test
	void aDelayedRetryIsReady() throws Exception {
		declare("orders", "x-queue-type", "quorum", "x-delayed-retry-type", "all", "x-delayed-retry-min",
				HALF_AN_HOUR_IN_MILLIS);
		publish("", "orders", null);
		GetResponse first = this.channel.basicGet("orders", false);
		this.channel.basicReject(first.getEnvelope().getDeliveryTag(), true);
		assertThat(count("orders")).isZero();

		this.broker.time().advance(HALF_AN_HOUR);

		assertThat(this.channel.basicGet("orders", true).getEnvelope().isRedeliver()).isTrue();
	}

	@Test
	void deliveriesThatAreNotAcknowledgedInTimeAreTakenBack() throws Exception {
		declare("orders", "x-queue-type", "quorum");
		CountDownLatch delivered = new CountDownLatch(3);
		CountDownLatch cancelled = new CountDownLatch(1);
		try (AmqpClient slow = AmqpClient.connect(this.broker.uri())) {
			slow.channel()
				.basicConsume("orders", false, (tag, message) -> delivered.countDown(), (tag) -> cancelled.countDown());
			for (int i = 0; i < 3; i++) {
				publish("", "orders", null);
			}
			assertThat(delivered.await(10, TimeUnit.SECONDS)).isTrue();

			this.broker.time().advance(HALF_AN_HOUR);

			assertThat(count("orders")).isEqualTo(3);
			assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
		}
	}

	@Test
	void aClientThatReactsGetsTheNextAtThatTime() throws Exception {
		declare("late", "x-message-ttl", HALF_AN_HOUR_IN_MILLIS);
		declare("orders", "x-message-ttl", HALF_AN_HOUR_IN_MILLIS, "x-dead-letter-exchange", "",
				"x-dead-letter-routing-key", "late");
		BlockingQueue<String> received = new LinkedBlockingQueue<>();
		publish("", "orders", new BasicProperties.Builder().messageId("1").build());
		this.channel.basicConsume("late", true, (tag, message) -> received.add(message.getProperties().getMessageId()),
				(tag) -> {
				});

		this.broker.time().advance(HALF_AN_HOUR);

		assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("1");
	}

	@Test
	void nothingHappensInAnotherVirtualHost() throws Exception {
		try (EmbeddedBroker other = this.broker.withVirtualHost("other");
				AmqpClient otherClient = AmqpClient.connect(other.uri())) {
			for (AmqpClient one : List.of(this.client, otherClient)) {
				one.channel().queueDeclare("orders", true, false, false, Map.of("x-message-ttl", 60_000));
				one.publishConfirmed("", "orders", List.of("Hello World!"));
			}

			other.time().advance(HALF_AN_HOUR);

			assertThat(count("orders")).isEqualTo(1);
			assertThat(otherClient.drain("orders")).isEmpty();

			otherClient.publishConfirmed("", "orders", List.of("Hello World!"));
			this.broker.time().advance(HALF_AN_HOUR);

			assertThat(count("orders")).isZero();
			assertThat(otherClient.drain("orders")).containsExactly("Hello World!");
		}
	}

	@Test
	void timeGoesOnAfterwards() throws Exception {
		this.broker.time().advance(HALF_AN_HOUR);
		this.client.declare("late");
		declare("orders", "x-message-ttl", 50, "x-dead-letter-exchange", "", "x-dead-letter-routing-key", "late");
		CountDownLatch expired = new CountDownLatch(1);
		this.channel.basicConsume("late", true, (tag, message) -> expired.countDown(), (tag) -> {
		});

		publish("", "orders", null);

		assertThat(expired.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void connectionsNoticeNothing() throws Exception {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setUri(this.broker.uri());
		factory.setRequestedHeartbeat(1);
		factory.setAutomaticRecoveryEnabled(false);
		try (Connection connection = factory.newConnection(); Channel open = connection.createChannel()) {
			this.broker.time().advance(Duration.ofDays(3650));

			open.exchangeDeclare("orders", BuiltinExchangeType.TOPIC);
			assertThat(connection.isOpen()).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "-PT1S", "P36501D" })
	void itGoesForwardOnlyAndNotTooFar(Duration duration) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.broker.time().advance(duration))
			.withMessage("'duration' must be from 0 to 100 years, and not " + duration);
	}

	private void declare(String queue, Object... arguments) throws IOException {
		Map<String, Object> table = new HashMap<>();
		for (int i = 0; i < arguments.length; i += 2) {
			table.put((String) arguments[i], arguments[i + 1]);
		}
		this.channel.queueDeclare(queue, true, false, false, table);
	}

	private void publish(String exchange, String routingKey, @Nullable BasicProperties properties) throws Exception {
		this.channel.basicPublish(exchange, routingKey, properties, BODY);
		this.channel.waitForConfirmsOrDie(10_000);
	}

	private int count(String queue) throws IOException {
		return this.channel.queueDeclarePassive(queue).getMessageCount();
	}

	private String nextId(String queue) throws IOException {
		return this.channel.basicGet(queue, true).getProps().getMessageId();
	}

	private static Instant timeOfDeath(GetResponse message) {
		List<?> deaths = (List<?>) Objects.requireNonNull(message.getProps().getHeaders().get("x-death"));
		Date time = (Date) ((Map<?, ?>) deaths.get(0)).get("time");
		return Objects.requireNonNull(time).toInstant();
	}

}
