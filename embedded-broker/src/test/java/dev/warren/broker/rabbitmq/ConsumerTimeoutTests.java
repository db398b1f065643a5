package dev.warren.broker.rabbitmq;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.broker.RabbitMqVersion;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Until 4.0, RabbitMQ looks once in its {@code channel_tick_interval}, a minute, which
 * {@code rabbitmq.sh} makes short.
 */
@CompatibilityTests
@DisplayName("Consumer timeouts")
class ConsumerTimeoutTests {

	private static final String TIMEOUT = "x-consumer-timeout";

	private static final int SOON = 500;

	/** Where something has to happen before, on a machine that stands still at times. */
	private static final int AFTER_OTHER_THINGS = 5_000;

	private static final int LATER = 600_000;

	@ParameterizedTest(quoteTextArguments = false,
			name = "After `consumer_timeout` without acknowledgement the channel closes: {0} queue")
	@ValueSource(strings = { "classic", "quorum" })
	@Until(RabbitMqVersion.V4_0)
	void aChannelThatIsLateCloses(String type, TestClient tested) throws Exception {
		try (ShortTimeout timeout = ShortTimeout.set(tested)) {
			TestClient client = timeout.client();
			String queue = client.durableQueue(Map.of("x-queue-type", type));
			client.send(queue, "a", "b");
			Late late = new Late(client.channel());
			Deliveries deliveries = Deliveries.from(late.channel(), queue);
			assertThat(deliveries.nextTexts(2)).containsExactly("a", "b");

			late.assertClosed(SOON);

			client.awaitReady(queue, 2);
			GetResponse first = client.take(queue);
			assertThat(TestClient.text(first)).isEqualTo("a");
			assertThat(first.getEnvelope().isRedeliver()).as("redelivered").isTrue();
		}
	}

	@Test
	@DisplayName("After `consumer_timeout` without acknowledgement of a `basic.get` the channel closes")
	@Until(RabbitMqVersion.V4_0)
	void gettingAndNotAcknowledging(TestClient tested) throws Exception {
		try (ShortTimeout timeout = ShortTimeout.set(tested)) {
			TestClient client = timeout.client();
			String queue = client.durableQueue(Map.of());
			client.send(queue, "a");
			Late late = new Late(client.channel());

			late.channel().basicGet(queue, false);

			late.assertClosed(SOON);
			client.awaitReady(queue, 1);
		}
	}

	@Test
	@DisplayName("After `consumer_timeout` without acknowledgement a quorum queue cancels the consumer")
	@From(RabbitMqVersion.V4_3)
	void aConsumerThatIsLateIsCancelled(TestClient tested) throws Exception {
		try (ShortTimeout timeout = ShortTimeout.set(tested)) {
			TestClient client = timeout.client();
			String queue = client.durableQueue(quorum(Map.of()));
			client.send(queue, "a");
			Channel channel = client.channel();
			Deliveries deliveries = Deliveries.from(channel, queue);
			assertThat(deliveries.nextText()).isEqualTo("a");

			deliveries.awaitCancel();

			client.awaitReady(queue, 1);
			assertThat(channel.isOpen()).as("the channel is open").isTrue();
		}
	}

	@Test
	@DisplayName("A classic queue has no consumer timeout")
	@From(RabbitMqVersion.V4_3)
	void classicQueuesWait(TestClient tested) throws Exception {
		try (ShortTimeout timeout = ShortTimeout.set(tested)) {
			TestClient client = timeout.client();
			Channel channel = client.channel();
			String classic = client.durableQueue(Map.of());
			client.send(classic, "a");
			Deliveries patient = Deliveries.from(channel, classic);
			assertThat(patient.nextText()).isEqualTo("a");
			String quorum = client.durableQueue(quorum(Map.of()));
			client.send(quorum, "b");

			Deliveries.from(channel, quorum).awaitCancel();

			assertThat(patient.isCancelled()).as("cancelled").isFalse();
			assertThat(client.ready(classic)).isZero();
		}
	}

	@ParameterizedTest(quoteTextArguments = false, name = "`x-consumer-timeout` of a {0} queue closes the channel")
	@ValueSource(strings = { "classic", "quorum" })
	@From(RabbitMqVersion.V4_0)
	@Until(RabbitMqVersion.V4_0)
	void queuesWithTimeoutsOfTheirOwn(String type, TestClient client) throws Exception {
		String queue = client.durableQueue(Map.of("x-queue-type", type, TIMEOUT, SOON));
		client.send(queue, "a");
		Late late = new Late(client.channel());

		Deliveries.from(late.channel(), queue);

		late.assertClosed(SOON);
		client.awaitReady(queue, 1);
	}

	@Test
	@DisplayName("A channel is late with its oldest delivery only")
	@From(RabbitMqVersion.V4_0)
	@Until(RabbitMqVersion.V4_0)
	void theOldestDeliveryCounts(TestClient client) throws Exception {
		String patient = client.durableQueue(Map.of(TIMEOUT, LATER));
		String impatient = client.durableQueue(Map.of(TIMEOUT, SOON));
		client.send(patient, "a");
		client.send(impatient, "b");
		Late late = new Late(client.channel());
		GetResponse oldest = late.channel().basicGet(patient, false);
		late.channel().basicGet(impatient, false);
		client.send(impatient, "c");
		Late other = new Late(client.channel());
		other.channel().basicGet(impatient, false);
		other.assertClosed(SOON);

		late.channel().basicAck(oldest.getEnvelope().getDeliveryTag(), false);

		late.assertClosed(SOON);
	}

	@Test
	@DisplayName("A delivery is late again when the transaction with its acknowledgement is rolled back")
	@From(RabbitMqVersion.V4_0)
	@Until(RabbitMqVersion.V4_0)
	void rollingBackTheAcknowledgement(TestClient client) throws Exception {
		String queue = client.durableQueue(Map.of(TIMEOUT, SOON));
		client.send(queue, "a", "b");
		Late late = new Late(client.channel());
		late.channel().txSelect();
		late.channel().basicAck(late.channel().basicGet(queue, false).getEnvelope().getDeliveryTag(), false);
		Late later = new Late(client.channel());
		later.channel().basicGet(queue, false);
		later.assertClosed(SOON);

		late.channel().txRollback();

		late.assertClosed(SOON);
	}

	@ParameterizedTest(quoteTextArguments = false, name = "`x-consumer-timeout` of a {0} cancels the consumer")
	@ValueSource(strings = { "quorum queue", "consumer" })
	@From(RabbitMqVersion.V4_3)
	void quorumQueuesCancelTheConsumer(String which, TestClient client) throws Exception {
		boolean consumers = which.equals("consumer");
		String queue = client.durableQueue(quorum(Map.of(TIMEOUT, consumers ? LATER : SOON)));
		client.send(queue, "a");
		Deliveries deliveries = Deliveries.from(client.channel(), queue, consumers ? Map.of(TIMEOUT, SOON) : Map.of());
		assertThat(deliveries.nextText()).isEqualTo("a");

		deliveries.awaitCancel();

		client.awaitReady(queue, 1);
		assertThat(client.take(queue).getProps().getHeaders()).as("not counted for the delivery limit")
			.containsEntry("x-acquired-count", 1L)
			.doesNotContainKey("x-delivery-count");
	}

	@Test
	@DisplayName("Only what is late goes back, and to another consumer")
	@From(RabbitMqVersion.V4_3)
	void anotherConsumerGetsWhatIsLate(TestClient client) throws Exception {
		String queue = client.durableQueue(quorum(Map.of(TIMEOUT, AFTER_OTHER_THINGS)));
		Channel channel = client.channel();
		channel.basicQos(2);
		Deliveries first = Deliveries.from(channel, queue);
		client.send(queue, "a", "b");
		channel.basicAck(Deliveries.tag(first.next()), false);
		assertThat(first.nextText()).isEqualTo("b");

		Deliveries second = Deliveries.from(client.channel(), queue, Map.of(TIMEOUT, LATER));

		first.awaitCancel();
		assertThat(second.nextText()).isEqualTo("b");
		second.assertNoMore();
	}

	@ParameterizedTest(quoteTextArguments = false,
			name = "A cancelled consumer that acknowledges after all gets messages again: `multiple` is {0}")
	@ValueSource(booleans = { false, true })
	@From(RabbitMqVersion.V4_3)
	void acknowledgingLate(boolean multiple, TestClient client) throws Exception {
		String queue = client.durableQueue(quorum(Map.of(TIMEOUT, SOON)));
		Channel channel = client.channel();
		channel.basicQos(1);
		// The client's library takes the consumer for cancelled.
		Deliveries afterwards = Deliveries.byDefault(channel);
		Deliveries deliveries = Deliveries.from(channel, queue);
		client.send(queue, "a", "b");
		long tag = Deliveries.tag(deliveries.next());
		deliveries.awaitCancel();
		client.awaitReady(queue, 2);

		channel.basicAck(tag, multiple);

		assertThat(afterwards.nextText()).isEqualTo("a");
	}

	@Test
	@DisplayName("A cancelled consumer that requeues after all gets nothing")
	@From(RabbitMqVersion.V4_3)
	void requeueingLate(TestClient client) throws Exception {
		String queue = client.durableQueue(quorum(Map.of(TIMEOUT, SOON)));
		Channel channel = client.channel();
		channel.basicQos(1);
		Deliveries afterwards = Deliveries.byDefault(channel);
		Deliveries deliveries = Deliveries.from(channel, queue);
		client.send(queue, "a");
		long tag = Deliveries.tag(deliveries.next());
		deliveries.awaitCancel();

		channel.basicNack(tag, false, true);

		client.send(queue, "b");
		client.awaitReady(queue, 2);
		assertThat(channel.isOpen()).as("the channel is open").isTrue();
		afterwards.assertNoMore();
	}

	@Test
	@DisplayName("The consumer tag of a cancelled consumer is still in use")
	@From(RabbitMqVersion.V4_3)
	void theTagIsStillInUse(TestClient client) throws Exception {
		String queue = client.durableQueue(quorum(Map.of(TIMEOUT, SOON)));
		client.send(queue, "a");
		Connection connection = client.connect();
		Channel channel = connection.createChannel();
		Deliveries deliveries = Deliveries.from(channel, queue);
		deliveries.awaitCancel();

		Refusals.assertClosesConnection(connection, 530,
				"NOT_ALLOWED - attempt to reuse consumer tag '" + deliveries.getConsumerTag() + "'",
				() -> channel.basicConsume(queue, false, deliveries.getConsumerTag(), Deliveries.byDefault(channel)));
	}

	@Test
	@DisplayName("The next consumer becomes the single active one")
	@From(RabbitMqVersion.V4_3)
	void theNextConsumerBecomesActive(TestClient client) throws Exception {
		String queue = client.durableQueue(quorum(Map.of(TIMEOUT, SOON, "x-single-active-consumer", true)));
		Deliveries first = Deliveries.from(client.channel(), queue);
		Deliveries second = Deliveries.from(client.channel(), queue, Map.of(TIMEOUT, LATER));
		client.send(queue, "a");
		assertThat(first.nextText()).isEqualTo("a");

		first.awaitCancel();

		assertThat(second.nextText()).isEqualTo("a");
	}

	@Test
	@DisplayName("The channel closes for a client that cannot be told of a cancelled consumer")
	@From(RabbitMqVersion.V4_3)
	void clientsThatCannotBeTold(TestClient client) throws Exception {
		String queue = client.durableQueue(quorum(Map.of(TIMEOUT, SOON)));
		client.send(queue, "a");
		Connection connection = client.connect((factory) -> factory.setClientProperties(Map.of()));
		Late late = new Late(connection.createChannel());

		Deliveries.from(late.channel(), queue);

		late.assertClosed(-1);
		client.awaitReady(queue, 1);
	}

	@Test
	@DisplayName("The channel closes for a `basic.get` that is not acknowledged in time, and it does not count")
	@From(RabbitMqVersion.V4_3)
	void gettingFromAQuorumQueue(TestClient client) throws Exception {
		String queue = client.durableQueue(quorum(Map.of(TIMEOUT, SOON)));
		client.send(queue, "a");
		Late late = new Late(client.channel());

		late.channel().basicGet(queue, false);

		late.assertClosed(-1);
		client.awaitReady(queue, 1);
		assertThat(client.take(queue).getProps().getHeaders()).doesNotContainKey("x-delivery-count");
	}

	private static Map<String, Object> quorum(Map<String, Object> more) {
		Map<String, Object> arguments = new HashMap<>(more);
		arguments.put("x-queue-type", "quorum");
		return arguments;
	}

	/**
	 * A channel that will be late.
	 */
	private record Late(Channel channel, CompletableFuture<ShutdownSignalException> closed) {

		Late(Channel channel) {
			this(channel, new CompletableFuture<>());
			channel.addShutdownListener(this.closed::complete);
		}

		void assertClosed(long timeout) {
			assertThat(this.closed).succeedsWithin(15, TimeUnit.SECONDS);
			AMQP.Channel.Close close = (AMQP.Channel.Close) this.closed.join().getReason();
			assertThat(close.getReplyCode() + " " + close.getReplyText())
				.isEqualTo("406 PRECONDITION_FAILED - delivery acknowledgement on channel %d timed out."
					.formatted(this.channel.getChannelNumber()) + " Timeout value used: " + timeout
						+ " ms. This timeout value can be configured, see consumers doc guide to learn more");
			assertThat(close.getClassId()).as("the class to blame").isZero();
			assertThat(close.getMethodId()).as("the method to blame").isZero();
		}

	}

}
