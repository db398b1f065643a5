package dev.warren.broker;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.broker.junit.EmbeddedBrokerTest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What a client of the Java client sees of each fault.
 */
@EmbeddedBrokerTest
class BrokerFaultsTests {

	private static final String QUEUE = "orders";

	private final EmbeddedBroker broker;

	private final BrokerFaults faults;

	private Connection connection;

	private Channel channel;

	BrokerFaultsTests(EmbeddedBroker broker) {
		this.broker = broker;
		this.faults = broker.faults();
	}

	@BeforeEach
	void connect() throws Exception {
		this.connection = connect(false);
		this.channel = this.connection.createChannel();
		this.channel.queueDeclare(QUEUE, true, false, false, null);
	}

	private Connection connect(boolean recovering) throws Exception {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setUri(this.broker.uri());
		factory.setAutomaticRecoveryEnabled(recovering);
		factory.setNetworkRecoveryInterval(50);
		return factory.newConnection();
	}

	@AfterEach
	void disconnect() {
		this.connection.abort();
	}

	// Connections

	@Test
	void aDroppedConnectionEndsWithoutAWord() throws Exception {
		CompletableFuture<ShutdownSignalException> shutdown = new CompletableFuture<>();
		this.connection.addShutdownListener(shutdown::complete);

		assertThat(this.faults.dropConnections()).isEqualTo(1);

		assertThat(shutdown.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(EOFException.class);
	}

	@Test
	void whatADroppedConnectionHadIsBackInItsQueue() throws Exception {
		publish("1");
		this.channel.basicGet(QUEUE, false);

		this.faults.dropConnections();

		try (AmqpClient client = AmqpClient.connect(this.broker.uri())) {
			GetResponse response = client.channel().basicGet(QUEUE, true);
			assertThat(text(response.getBody())).isEqualTo("1");
			assertThat(response.getEnvelope().isRedeliver()).isTrue();
		}
	}

	@Test
	void aBlockedConnectionCanBeDropped() throws Exception {
		try (BrokerFaults.Lasting blocked = this.faults.blockPublishers()) {
			assertThat(blocked).isNotNull();
			CountDownLatch told = new CountDownLatch(1);
			this.connection.addBlockedListener((reason) -> told.countDown(), () -> {
			});
			publish("1");
			assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();

			assertThat(this.faults.dropConnections()).isEqualTo(1);
		}

		Awaitility.await().until(() -> !this.connection.isOpen());
	}

	@Test
	void withoutConnectionsNoneIsDropped() throws Exception {
		this.connection.close();
		Awaitility.await().until(() -> this.broker.connections().isEmpty());

		assertThat(this.faults.dropConnections()).isZero();
	}

	@Test
	void connectionsAreRefusedUntilTheyAreAllowed() throws Exception {
		this.faults.refuseConnections();

		assertThatExceptionOfType(IOException.class).isThrownBy(() -> connect(false));
		assertThat(this.connection.isOpen()).isTrue();

		this.faults.allowConnections();
		connect(false).close();
	}

	@Test
	void aClientRecoversWhenAnOutageIsOver() throws Exception {
		Connection recovering = connect(true);
		Channel itsChannel = recovering.createChannel();
		BlockingQueue<Received> received = consume(itsChannel, false);
		try (BrokerFaults.Lasting outage = this.faults.refuseConnections()) {
			assertThat(outage).isNotNull();
			this.faults.dropConnections();
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> connect(false));
		}

		try (AmqpClient publisher = AmqpClient.connect(this.broker.uri())) {
			publisher.publishConfirmed("", QUEUE, List.of("1"));
		}

		assertThat(next(received).text()).isEqualTo("1");
		recovering.abort();
	}

	// Publishing

	@Test
	void aLostConfirmNeverComesButTheMessageIsThere() throws Exception {
		this.channel.confirmSelect();
		this.faults.loseConfirms(1);

		publish("1");

		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> this.channel.waitForConfirmsOrDie(200));
		this.channel = this.connection.createChannel();
		assertThat(drain()).containsExactly("1");
	}

	@Test
	void aLostConfirmIsNotMadeUpForByLaterOnes() throws Exception {
		this.channel.confirmSelect();
		BlockingQueue<String> confirms = confirms();
		publish("1");
		assertThat(next(confirms)).isEqualTo("ack 1");
		this.faults.loseConfirms(2);

		IntStream.rangeClosed(2, 100).forEach((number) -> publish(Integer.toString(number)));

		for (int number = 4; number <= 100; number++) {
			assertThat(next(confirms)).isEqualTo("ack " + number);
		}
		assertThat(drain()).hasSize(100);
	}

	@Test
	void aPublisherIsNackedAndItsMessageIsNotThere() throws Exception {
		this.channel.confirmSelect();
		this.faults.nackPublishes(2);
		BlockingQueue<String> confirms = confirms();

		IntStream.rangeClosed(1, 3).forEach((number) -> publish(Integer.toString(number)));

		assertThat(next(confirms)).isEqualTo("nack 1");
		assertThat(next(confirms)).isEqualTo("nack 2");
		assertThat(next(confirms)).isEqualTo("ack 3");
		assertThat(drain()).containsExactly("3");
	}

	@Test
	void aPublisherWithoutConfirmsIsNotConcerned() throws Exception {
		this.faults.nackPublishes(1);
		this.faults.loseConfirms(1);

		publish("1");

		Awaitility.await().untilAsserted(() -> assertThat(drain()).containsExactly("1"));
		assertThat(this.faults).hasToString(
				"Faults of virtual host 'BrokerFaultsTests': the next publish is nacked; the next confirm is lost");
	}

	@Test
	void delayedConfirmsComeInOrderAndAtOnceWhenThatEnds() throws Exception {
		this.channel.confirmSelect();
		BlockingQueue<String> confirms = confirms();
		try (BrokerFaults.Lasting delay = this.faults.delayConfirms(Duration.ofHours(1))) {
			assertThat(delay).isNotNull();
			publish("1");
			this.faults.delayConfirms(Duration.ofMinutes(30));
			publish("2");
			Awaitility.await().untilAsserted(() -> assertThat(drain()).hasSizeGreaterThanOrEqualTo(1));
		}

		assertThat(next(confirms)).matches("ack 1|ack 2 and before");
		this.channel.waitForConfirmsOrDie(10_000);
	}

	@Test
	void delayedConfirmsComeLater() throws Exception {
		this.channel.confirmSelect();
		this.faults.delayConfirms(Duration.ofSeconds(2));

		publish("1");

		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> this.channel.waitForConfirms(20));
		assertThat(this.channel.waitForConfirms(10_000)).isTrue();
	}

	@Test
	void publishersAreBlockedAndConsumersAreNot() throws Exception {
		BlockingQueue<String> told = new LinkedBlockingQueue<>();
		this.connection.addBlockedListener(new BlockedListener() {

			@Override
			public void handleBlocked(String reason) {
				told.add(reason);
			}

			@Override
			public void handleUnblocked() {
				told.add("unblocked");
			}

		});
		try (AmqpClient consumer = AmqpClient.connect(this.broker.uri())) {
			this.channel.confirmSelect();
			publish("1");
			this.channel.waitForConfirmsOrDie(10_000);
			try (BrokerFaults.Lasting blocked = this.faults.blockPublishers("low on disk")) {
				assertThat(blocked).isNotNull();
				assertThat(next(told)).isEqualTo("low on disk");
				publish("2");
				assertThat(consumer.drain(QUEUE)).containsExactly("1");
			}

			assertThat(next(told)).isEqualTo("unblocked");
			Awaitility.await().untilAsserted(() -> assertThat(consumer.drain(QUEUE)).containsExactly("2"));
		}
	}

	@Test
	void aPublisherThatComesLaterIsBlockedToo() throws Exception {
		this.faults.blockPublishers();
		Connection later = connect(false);
		BlockingQueue<String> told = new LinkedBlockingQueue<>();
		later.addBlockedListener(told::add, () -> {
		});

		later.createChannel().basicPublish("", QUEUE, null, new byte[0]);

		assertThat(next(told)).isEqualTo("low on memory");
		this.faults.unblockPublishers();
		later.close();
	}

	@Test
	void aPublisherOutlivesBeingBlockedAgainAndAgain() throws Exception {
		this.channel.confirmSelect();
		for (int i = 0; i < 200; i++) {
			publish(Integer.toString(i));
			this.faults.blockPublishers();
			publish("while blocked");
			this.faults.unblockPublishers();
		}

		this.channel.waitForConfirmsOrDie(10_000);
		assertThat(drain()).hasSize(400);
	}

	// Consuming

	@Test
	void aMessageIsDeliveredTwiceUnderTwoTags() throws Exception {
		this.faults.deliverTwice(QUEUE);
		BlockingQueue<Received> received = consume(this.channel, false);

		publish("1");
		publish("2");

		assertThat(next(received)).isEqualTo(new Received("1", 1, false));
		assertThat(next(received)).isEqualTo(new Received("1", 2, true));
		assertThat(next(received)).isEqualTo(new Received("2", 3, false));
	}

	@Test
	void ofTwoDeliveriesTheSecondIsToBeSettled() throws Exception {
		this.faults.deliverTwice(QUEUE);
		BlockingQueue<Received> received = consume(this.channel, false);
		publish("1");
		next(received);
		next(received);

		this.channel.basicAck(1, false);
		this.channel.basicReject(2, true);

		assertThat(next(received)).isEqualTo(new Received("1", 3, true));
		this.channel.basicAck(3, true);
		this.connection.close();
		try (AmqpClient client = AmqpClient.connect(this.broker.uri())) {
			assertThat(client.drain(QUEUE)).isEmpty();
		}
	}

	@Test
	void severalMessagesAreDeliveredTwiceAndAcknowledgedTogether() throws Exception {
		this.faults.deliverTwice(QUEUE, 3);
		BlockingQueue<Received> received = consume(this.channel, false);
		publish("1");
		publish("2");
		publish("3");
		publish("4");
		for (long tag = 1; tag <= 7; tag++) {
			assertThat(next(received).tag()).isEqualTo(tag);
		}

		this.channel.basicAck(5, true);
		this.channel.basicAck(7, true);

		this.connection.close();
		try (AmqpClient client = AmqpClient.connect(this.broker.uri())) {
			assertThat(client.drain(QUEUE)).isEmpty();
		}
	}

	@Test
	void aConsumerThatDoesNotAcknowledgeGetsAMessageTwice() throws Exception {
		this.faults.deliverTwice(QUEUE);
		BlockingQueue<Received> received = consume(this.channel, true);

		publish("1");

		assertThat(next(received)).isEqualTo(new Received("1", 1, false));
		assertThat(next(received)).isEqualTo(new Received("1", 2, true));
	}

	@Test
	void basicGetTakesAMessageTwice() throws Exception {
		this.faults.deliverTwice(QUEUE);
		publish("1");

		GetResponse first = this.channel.basicGet(QUEUE, false);
		GetResponse second = this.channel.basicGet(QUEUE, true);

		assertThat(text(second.getBody())).isEqualTo(text(first.getBody()));
		assertThat(second.getEnvelope().isRedeliver()).isTrue();
		this.channel.basicAck(first.getEnvelope().getDeliveryTag(), false);
		assertThat(this.channel.basicGet(QUEUE, true)).isNull();
	}

	@Test
	void otherQueuesAreNotConcerned() throws Exception {
		this.faults.deliverTwice("returns");
		publish("1");

		assertThat(drain()).containsExactly("1");
	}

	@Test
	void aCancelledConsumerIsToldAndKeepsWhatItHas() throws Exception {
		CompletableFuture<String> cancelled = new CompletableFuture<>();
		CountDownLatch delivered = new CountDownLatch(1);
		String queue = this.channel.queueDeclare("", false, false, true, null).getQueue();
		String tag = this.channel.basicConsume(queue, false, (consumerTag, message) -> delivered.countDown(),
				cancelled::complete);
		this.channel.basicPublish("", queue, null, new byte[0]);
		assertThat(delivered.await(10, TimeUnit.SECONDS)).isTrue();

		assertThat(this.faults.cancelConsumers(queue)).isEqualTo(1);

		assertThat(cancelled.get(10, TimeUnit.SECONDS)).isEqualTo(tag);
		this.channel.basicAck(1, false);
		AMQP.Queue.DeclareOk declared = this.channel.queueDeclarePassive(queue);
		assertThat(declared.getConsumerCount()).isZero();
		assertThat(declared.getMessageCount()).isZero();
	}

	@Test
	void aQueueWithoutConsumersHasNothingToCancel() {
		assertThatIllegalStateException().isThrownBy(() -> this.faults.cancelConsumers("oders"))
			.withMessage(
					"There is nothing to cancel: queue 'oders' in virtual host 'BrokerFaultsTests' has no consumer");
	}

	@Test
	void channelsAreClosedWithACodeAndAText() throws Exception {
		CompletableFuture<ShutdownSignalException> shutdown = new CompletableFuture<>();
		this.channel.addShutdownListener(shutdown::complete);
		publish("1");
		this.channel.basicGet(QUEUE, false);

		assertThat(this.faults.closeChannels(406, "100 % of the quota is used")).isEqualTo(1);

		AMQP.Channel.Close close = (AMQP.Channel.Close) shutdown.get(10, TimeUnit.SECONDS).getReason();
		assertThat(close.getReplyCode()).isEqualTo(406);
		assertThat(close.getReplyText()).isEqualTo("PRECONDITION_FAILED - 100 % of the quota is used");
		assertThat(this.connection.isOpen()).isTrue();
		this.channel = this.connection.createChannel();
		assertThat(drain()).containsExactly("1");
	}

	@Test
	void aChannelIsClosedWithAnInternalError() throws Exception {
		CompletableFuture<ShutdownSignalException> shutdown = new CompletableFuture<>();
		this.channel.addShutdownListener(shutdown::complete);

		this.faults.closeChannels(541, "the leader is gone");

		assertThat(shutdown.get(10, TimeUnit.SECONDS)).hasMessageContaining("reply-code=541")
			.hasMessageContaining("INTERNAL_ERROR - the leader is gone");
		assertThat(this.connection.isOpen()).isTrue();
	}

	@Test
	void delayedDeliveriesComeInOrderAndAtOnceWhenThatEnds() throws Exception {
		BlockingQueue<Received> received = consume(this.channel, false);
		try (BrokerFaults.Lasting delay = this.faults.delayDeliveries(Duration.ofHours(1))) {
			assertThat(delay).isNotNull();
			this.channel.confirmSelect();
			IntStream.rangeClosed(1, 20).forEach((number) -> publish(Integer.toString(number)));
			this.channel.waitForConfirmsOrDie(10_000);
			assertThat(this.channel.messageCount(QUEUE)).isZero();
			assertThat(received).isEmpty();
		}

		for (int number = 1; number <= 20; number++) {
			assertThat(next(received).text()).isEqualTo(Integer.toString(number));
		}
	}

	@Test
	void delayedDeliveriesComeLater() throws Exception {
		this.faults.delayDeliveries(Duration.ofMillis(50));
		BlockingQueue<Received> received = consume(this.channel, false);

		publish("1");

		assertThat(next(received).text()).isEqualTo("1");
	}

	@Test
	void aDelayedDeliveryGoesBackWhenItsChannelCloses() throws Exception {
		this.faults.delayDeliveries(Duration.ofHours(1));
		consume(this.channel, false);
		this.channel.confirmSelect();
		publish("1");
		this.channel.waitForConfirmsOrDie(10_000);

		this.channel.close();

		this.channel = this.connection.createChannel();
		assertThat(drain()).containsExactly("1");
	}

	@Test
	void disturbedDeliveriesSayWhatHappened() throws Exception {
		BlockingQueue<Received> received = consume(this.channel, true);
		BrokerFaults.Disturbed disturbed = this.faults.disturbDeliveries(1, Set.of(QUEUE), 1);
		assertThat(this.faults)
			.hasToString("Faults of virtual host 'BrokerFaultsTests': deliveries are disturbed with seed 1");

		publish("1");
		publish("2");

		assertThat(next(received)).isEqualTo(new Received("1", 1, false));
		assertThat(next(received)).isEqualTo(new Received("1", 2, true));
		assertThat(next(received)).isEqualTo(new Received("2", 3, false));
		disturbed.close();
		assertThat(disturbed.happened()).containsExactly("\"1\" of queue 'orders' was delivered twice (tags 1 and 2)");
		assertThat(this.faults).hasToString("Faults of virtual host 'BrokerFaultsTests': none");
	}

	@Test
	void withManySeedsEachMessageIsStillSettledInTheEnd() throws Exception {
		BlockingQueue<Received> received = consume(this.channel, false);
		for (int seed = 0; seed < 20; seed++) {
			BrokerFaults.Disturbed disturbed = this.faults.disturbDeliveries(seed);
			IntStream.rangeClosed(1, 10).forEach((number) -> publish(Integer.toString(number)));
			Set<String> texts = new HashSet<>();
			while (texts.size() < 10 || this.broker.queue(QUEUE).unacknowledged() > 0) {
				Received next = received.poll(20, TimeUnit.MILLISECONDS);
				if (next != null) {
					texts.add(next.text());
					settle(next);
				}
			}
			assertThat(disturbed.happened()).as("seed " + seed).isNotEmpty();
			assertThat(this.broker.queue(QUEUE).ready()).isZero();
		}
	}

	@Test
	void aTransactionThatIsTakenBackCanBeRepeated() throws Exception {
		this.channel.txSelect();
		BlockingQueue<Received> received = consume(this.channel, false);
		for (int seed = 0; seed < 10; seed++) {
			this.faults.disturbDeliveries(seed);
			publish("1");
			this.channel.txCommit();
			do {
				Received next = next(received);
				this.channel.basicAck(next.tag(), false);
				this.channel.txRollback();
				this.channel.basicAck(next.tag(), false);
				this.channel.txCommit();
			}
			while (this.broker.queue(QUEUE).unacknowledged() > 0);
			assertThat(this.broker.queue(QUEUE).ready()).isZero();
		}
	}

	private void settle(Received next) throws IOException {
		switch ((int) next.tag() % 3) {
			case 0 -> this.channel.basicReject(next.tag(), false);
			case 1 -> this.channel.basicNack(next.tag(), true, false);
			default -> this.channel.basicAck(next.tag(), false);
		}
	}

	@Test
	void basicGetIsNotDisturbed() throws Exception {
		this.faults.disturbDeliveries(1);
		IntStream.rangeClosed(1, 10).forEach((number) -> publish(Integer.toString(number)));

		Awaitility.await().until(() -> this.broker.queue(QUEUE).ready() == 10);
		assertThat(drain()).hasSize(10);
	}

	@Test
	void anOvertakenMessageGoesBackWhenItsChannelCloses() throws Exception {
		for (int seed = 0; seed < 10; seed++) {
			this.faults.disturbDeliveries(seed);
			consume(this.channel, false);
			this.channel.confirmSelect();
			IntStream.rangeClosed(1, 10).forEach((number) -> publish(Integer.toString(number)));
			this.channel.waitForConfirmsOrDie(10_000);

			this.channel.close();

			this.channel = this.connection.createChannel();
			assertThat(drain()).as("seed " + seed).hasSize(10);
		}
	}

	// All of them

	@Test
	void resetEndsAllFaults() throws Exception {
		this.faults.refuseConnections();
		this.faults.blockPublishers("low on disk");
		this.faults.nackPublishes(1);
		this.faults.loseConfirms(2);
		this.faults.deliverTwice(QUEUE);
		this.faults.deliverTwice("returns", 5);
		this.faults.delayDeliveries(Duration.ofSeconds(90));
		this.faults.delayConfirms(Duration.ofMillis(500));
		assertThat(this.faults).hasToString("Faults of virtual host 'BrokerFaultsTests': connections are refused; "
				+ "publishers are blocked ('low on disk'); the next publish is nacked; the next 2 confirms are lost; "
				+ "the next message of 'orders' is delivered twice; the next 5 messages of 'returns' are delivered twice; "
				+ "deliveries are delayed by 1m30s; confirms are delayed by 0.5s");

		this.broker.reset();

		assertThat(this.faults).hasToString("Faults of virtual host 'BrokerFaultsTests': none");
		try (AmqpClient client = AmqpClient.connect(this.broker.uri())) {
			BlockingQueue<Received> received = consume(client.channel(), false);
			client.publishConfirmed("", QUEUE, List.of("1", "2"));
			assertThat(next(received)).isEqualTo(new Received("1", 1, false));
			assertThat(next(received)).isEqualTo(new Received("2", 2, false));
		}
	}

	@Test
	void faultsCanBeAskedForBeforeAnybodyConnects() {
		try (EmbeddedBroker another = EmbeddedBroker.builder().start()) {
			another.faults().refuseConnections();

			assertThatThrownBy(() -> AmqpClient.connect(another.uri())).isInstanceOf(IOException.class);

			another.reset();
			assertThat(another.faults().dropConnections()).isZero();
		}
	}

	@Test
	void anotherVirtualHostIsNotConcerned() throws Exception {
		this.broker.addVirtualHost("other");
		ConnectionFactory factory = new ConnectionFactory();
		factory.setUri(this.broker.uri());
		factory.setVirtualHost("other");
		try (Connection other = factory.newConnection()) {
			this.faults.refuseConnections();

			assertThat(this.faults.dropConnections()).isEqualTo(1);

			assertThat(other.createChannel().queueDeclare().getQueue()).startsWith("amq.gen-");
			factory.newConnection().close();
		}
	}

	@Test
	void whatMakesNoSenseIsRefusedWithTheReason() {
		Map<Runnable, String> refused = Map.of(() -> this.faults.loseConfirms(0), "'count' must be 1 or more, not 0",
				() -> this.faults.nackPublishes(-1), "'count' must be 1 or more, not -1",
				() -> this.faults.deliverTwice(QUEUE, 0), "'count' must be 1 or more, not 0",
				() -> this.faults.deliverTwice(""), "'queue' must not be empty", () -> this.faults.blockPublishers(""),
				"'reason' must not be empty", () -> this.faults.blockPublishers("x".repeat(256)),
				"'reason' must not be longer than 255 bytes", () -> this.faults.delayConfirms(Duration.ZERO),
				"'delay' must be from a millisecond to a day, not PT0S",
				() -> this.faults.delayDeliveries(Duration.ofDays(2)),
				"'delay' must be from a millisecond to a day, not PT48H");

		refused.forEach(
				(fault, message) -> assertThatIllegalArgumentException().isThrownBy(fault::run).withMessage(message));
		assertThatIllegalArgumentException().isThrownBy(() -> this.faults.closeChannels(407, "no"))
			.withMessageStartingWith("'replyCode' must be a reply code of AMQP 0-9-1, not 407. There are 311 CONTENT")
			.withMessageContaining("406 PRECONDITION_FAILED");
		assertThat(this.faults).hasToString("Faults of virtual host 'BrokerFaultsTests': none");
	}

	// Steps

	private void publish(String text) {
		try {
			this.channel.basicPublish("", QUEUE, null, text.getBytes(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private BlockingQueue<String> confirms() {
		BlockingQueue<String> confirms = new LinkedBlockingQueue<>();
		this.channel.addConfirmListener((tag, multiple) -> confirms.add("ack " + tag + (multiple ? " and before" : "")),
				(tag, multiple) -> confirms.add("nack " + tag + (multiple ? " and before" : "")));
		return confirms;
	}

	private BlockingQueue<Received> consume(Channel consuming, boolean autoAck) throws IOException {
		BlockingQueue<Received> received = new LinkedBlockingQueue<>();
		consuming.basicConsume(QUEUE, autoAck, new DefaultConsumer(consuming) {

			@Override
			public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
				received.add(Received.of(new Delivery(envelope, properties, body)));
			}

		});
		return received;
	}

	private List<String> drain() throws IOException {
		List<String> texts = new ArrayList<>();
		for (GetResponse next = this.channel.basicGet(QUEUE, true); next != null; next = this.channel.basicGet(QUEUE,
				true)) {
			texts.add(text(next.getBody()));
		}
		return texts;
	}

	private static String text(byte[] body) {
		return new String(body, StandardCharsets.UTF_8);
	}

	private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
		T next = queue.poll(10, TimeUnit.SECONDS);
		assertThat(next).as("the next of %s", queue).isNotNull();
		return next;
	}

	private record Received(String text, long tag, boolean redelivered) {

		static Received of(Delivery delivery) {
			return new Received(BrokerFaultsTests.text(delivery.getBody()), delivery.getEnvelope().getDeliveryTag(),
					delivery.getEnvelope().isRedeliver());
		}

	}

}
