package dev.warren.messaging.publish;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.warren.messaging.broker.Broker;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.junit.EmbeddedBrokerTest;
import dev.warren.test.AmqpProxy;
import dev.warren.test.BrokerUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.util.unit.DataSize;

import static dev.warren.messaging.publish.PublisherFixture.message;
import static dev.warren.messaging.publish.PublisherFixture.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@EmbeddedBrokerTest
class ConfirmedPublisherTests {

	private static final String NO_SUCH_QUEUE = "no-such-queue";

	/** A time no test waits for: what completes despite it did not wait for it. */
	private static final Duration NEVER = Duration.ofHours(1);

	private static final Duration SHORT = Duration.ofSeconds(1);

	private static final DataSize AMPLE = DataSize.ofMegabytes(64);

	private final PublisherFixture publishers = new PublisherFixture();

	private final String queue = "queue-" + UUID.randomUUID();

	private final EmbeddedBroker broker;

	private final Connection connection;

	private final Channel channel;

	ConfirmedPublisherTests(EmbeddedBroker broker) throws Exception {
		this.broker = broker;
		ConnectionFactory factory = new ConnectionFactory();
		factory.setUri(broker.uri());
		this.connection = factory.newConnection();
		this.channel = this.connection.createChannel();
	}

	@BeforeEach
	void declareQueue() throws Exception {
		this.channel.queueDeclare(this.queue, false, false, false, null);
	}

	@AfterEach
	void close() throws Exception {
		this.publishers.close();
		this.channel.queueDelete(this.queue);
		this.connection.close();
	}

	@Test
	void aMessageThatReachedAQueueIsConfirmedAsRouted() throws Exception {
		ConfirmedPublisher publisher = this.publishers.connected(this.broker.port());

		CompletableFuture<Confirmation> confirmation = publisher.publish("", this.queue, message("one"));

		assertThat(outcome(confirmation)).isEqualTo("routed");
		assertThat(received(1)).containsExactly("one");
	}

	@Test
	void aMessageWithoutAnIdGetsOne() throws Exception {
		ConfirmedPublisher publisher = this.publishers.connected(this.broker.port());
		org.springframework.amqp.core.Message message = new org.springframework.amqp.core.Message(new byte[0]);

		assertThat(outcome(publisher.publish("", this.queue, message))).isEqualTo("routed");

		assertThat(received(1)).containsExactly(String.valueOf(message.getMessageProperties().getMessageId()));
	}

	@Test
	void ofSeveralInFlightOnlyThoseWithoutAQueueAreReportedReturned() {
		ConfirmedPublisher publisher = this.publishers.connected(this.broker.port());

		List<CompletableFuture<Confirmation>> confirmations = new ArrayList<>();
		for (int i = 0; i < 300; i++) {
			String routingKey = (i % 3 == 1) ? NO_SUCH_QUEUE : this.queue;
			confirmations.add(publisher.publish("", routingKey, message("m" + i)));
		}

		for (int i = 0; i < 300; i++) {
			assertThat(outcome(confirmations.get(i))).as("m" + i).isEqualTo((i % 3 == 1) ? "returned" : "routed");
		}
	}

	@Test
	void ofSeveralInFlightWithTheSameIdOnlyThoseWithoutAQueueAreReportedReturned() {
		ConfirmedPublisher publisher = this.publishers.connected(this.broker.port());

		List<CompletableFuture<Confirmation>> confirmations = new ArrayList<>();
		for (int i = 0; i < 300; i++) {
			String routingKey = (i % 3 == 1) ? NO_SUCH_QUEUE : this.queue;
			confirmations.add(publisher.publish("", routingKey, message("the same")));
		}

		for (int i = 0; i < 300; i++) {
			assertThat(outcome(confirmations.get(i))).as("m" + i).isEqualTo((i % 3 == 1) ? "returned" : "routed");
		}
	}

	@Test
	void tenThousandMessagesAreConfirmedAndKeepTheirOrder() throws Exception {
		ConfirmedPublisher publisher = this.publishers.connected(this.broker.port());
		List<String> ids = IntStream.range(0, 10_000).mapToObj((i) -> "m" + i).toList();

		List<CompletableFuture<Confirmation>> confirmations = ids.stream()
			.map((id) -> publisher.publish("", this.queue, message(id)))
			.toList();

		assertThat(confirmations).extracting(PublisherFixture::outcome).containsOnly("routed");
		assertThat(received(10_000)).isEqualTo(ids);
	}

	@Test
	void withoutABrokerAMessageFailsWithoutWaitingForTheConfirmTimeout() throws Exception {
		ConfirmedPublisher publisher = this.publishers.started(BrokerUnderTest.stopped().port(),
				new PublisherProperties(NEVER, 1, AMPLE));

		for (int i = 0; i < 3; i++) {
			assertThat(outcome(publisher.publish("", this.queue, message("m" + i))))
				.isEqualTo("BrokerUnavailableException");
		}

		assertThat(publisher.broker()).isNull();
		assertThat(publisher.lastError()).isNotNull();
	}

	@Test
	void aPublisherFindsABrokerThatComesLater() throws Exception {
		BrokerUnderTest late = BrokerUnderTest.stopped();
		ConfirmedPublisher publisher = this.publishers.started(late.port(), new PublisherProperties(NEVER, 1, AMPLE));
		await().until(() -> publisher.lastError() != null);

		try (late) {
			late.restart();
			await().atMost(15, TimeUnit.SECONDS).until(() -> publisher.broker() != null);

			assertThat(publisher.broker()).extracting(Broker::address).isEqualTo(late.address());
			assertThat(publisher.lastError()).isNull();
			assertThat(outcome(publisher.publish("", NO_SUCH_QUEUE, message("one")))).isEqualTo("returned");
		}
	}

	@Test
	void aBrokerThatAcceptsTheConnectionAndNeverAnswersFailsMessagesInTimeAndKeepsNone() throws Exception {
		try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			ConfirmedPublisher publisher = this.publishers.started(mute.getLocalPort(),
					new PublisherProperties(SHORT, 3, AMPLE));

			List<CompletableFuture<Confirmation>> confirmations = IntStream.range(0, 4)
				.mapToObj((i) -> publisher.publish("", this.queue, message("m" + i)))
				.toList();

			assertThat(confirmations).extracting(PublisherFixture::outcome)
				.containsExactly("BrokerUnavailableException", "BrokerUnavailableException",
						"BrokerUnavailableException", "PublisherBusyException");
			assertThat(outcome(publisher.publish("", this.queue, message("later"))))
				.isEqualTo("BrokerUnavailableException");
		}
	}

	@Test
	void aBrokerThatFreezesHoldsUpNoCallerAndMessagesFailInTimeUntilItThaws() throws Exception {
		try (AmqpProxy proxy = new AmqpProxy(this.broker.port())) {
			ConfirmedPublisher publisher = this.publishers.connected(proxy.port(),
					new PublisherProperties(SHORT, 100, AMPLE));
			proxy.freeze();

			// More than the sockets between here and there hold, so that writing blocks.
			List<CompletableFuture<Confirmation>> confirmations = IntStream.range(0, 101)
				.mapToObj((i) -> publisher.publish("", this.queue, message("m" + i, 256 * 1024)))
				.toList();

			List<String> outcomes = confirmations.stream().map(PublisherFixture::outcome).toList();
			assertThat(outcomes.subList(0, 100)).containsOnly("UnconfirmedException", "BrokerUnavailableException");
			assertThat(outcomes.get(0)).isEqualTo("UnconfirmedException");
			assertThat(outcomes.get(100)).isEqualTo("PublisherBusyException");

			assertThat(outcome(publisher.publish("", this.queue, message("still frozen"))))
				.isEqualTo("BrokerUnavailableException");

			proxy.thaw();
			await().atMost(30, TimeUnit.SECONDS)
				.until(() -> outcome(publisher.publish("", this.queue, message("thawed"))).equals("routed"));
		}
	}

	@Test
	void messagesAreBoundedInSizeTogether() throws Exception {
		try (AmqpProxy proxy = new AmqpProxy(this.broker.port())) {
			ConfirmedPublisher publisher = this.publishers.connected(proxy.port(),
					new PublisherProperties(NEVER, 100, DataSize.ofBytes(1000)));
			proxy.freezeAnswers();

			CompletableFuture<Confirmation> first = publisher.publish("", this.queue, message("first", 600));
			CompletableFuture<Confirmation> second = publisher.publish("", this.queue, message("second", 401));
			CompletableFuture<Confirmation> third = publisher.publish("", this.queue, message("third", 400));
			assertThat(outcome(second)).isEqualTo("PublisherBusyException");
			proxy.thaw();

			assertThat(outcome(first)).isEqualTo("routed");
			assertThat(outcome(third)).isEqualTo("routed");
			assertThat(outcome(publisher.publish("", this.queue, message("all of it", 1000)))).isEqualTo("routed");
		}
	}

	@Test
	void thePlaceOfAMessageIsFreeWhenItsFutureCompletes() {
		ConfirmedPublisher publisher = this.publishers.connected(this.broker.port(),
				new PublisherProperties(NEVER, 1, AMPLE));

		for (int i = 0; i < 500; i++) {
			assertThat(outcome(publisher.publish("", this.queue, message("m" + i)))).isEqualTo("routed");
		}
	}

	@Test
	void cancellingAFutureDoesNotMakeRoomForAnotherMessage() throws Exception {
		try (AmqpProxy proxy = new AmqpProxy(this.broker.port())) {
			ConfirmedPublisher publisher = this.publishers.connected(proxy.port(),
					new PublisherProperties(NEVER, 1, AMPLE));
			proxy.freezeAnswers();

			publisher.publish("", this.queue, message("one")).cancel(true);

			assertThat(outcome(publisher.publish("", this.queue, message("two")))).isEqualTo("PublisherBusyException");
			proxy.thaw();
			assertThat(received(1)).containsExactly("one");
		}
	}

	@Test
	void messagesInFlightWhenTheConnectionIsLostAreUnconfirmedAndTheNextAreSentAgain() throws Exception {
		try (AmqpProxy proxy = new AmqpProxy(this.broker.port())) {
			ConfirmedPublisher publisher = this.publishers.connected(proxy.port(),
					new PublisherProperties(NEVER, 1000, AMPLE));
			proxy.freezeAnswers();
			List<CompletableFuture<Confirmation>> confirmations = IntStream.range(0, 100)
				.mapToObj((i) -> publisher.publish("", this.queue, message("m" + i)))
				.toList();
			await().until(() -> this.channel.messageCount(this.queue) == 100);

			proxy.cut();

			assertThat(confirmations).extracting(PublisherFixture::outcome).containsOnly("UnconfirmedException");
			proxy.thaw();
			await().atMost(15, TimeUnit.SECONDS)
				.until(() -> outcome(publisher.publish("", this.queue, message("again"))).equals("routed"));
		}
	}

	@Test
	void aMessageThatTheBrokerRefusesIsUnconfirmed() throws Exception {
		try (AmqpProxy proxy = new AmqpProxy(this.broker.port())) {
			ConfirmedPublisher publisher = this.publishers.connected(proxy.port(),
					new PublisherProperties(NEVER, 1, AMPLE));
			proxy.turnAcksIntoNacks();

			CompletableFuture<Confirmation> refused = publisher.publish("", this.queue, message("refused"));

			assertThat(outcome(refused)).isEqualTo("UnconfirmedException");
			assertThat(refused).isCompletedExceptionally()
				.failsWithin(Duration.ZERO)
				.withThrowableThat()
				.withMessageContaining("refused message 'refused'");
			proxy.leaveAcksAlone();
			assertThat(outcome(publisher.publish("", this.queue, message("accepted")))).isEqualTo("routed");
		}
	}

	@Test
	void aMessageToAMissingExchangeIsUnconfirmedAndThePublisherRecovers() {
		ConfirmedPublisher publisher = this.publishers.connected(this.broker.port(),
				new PublisherProperties(NEVER, 100, AMPLE));

		assertThat(outcome(publisher.publish("no-such-exchange", this.queue, message("lost"))))
			.isEqualTo("UnconfirmedException");

		await().atMost(15, TimeUnit.SECONDS)
			.until(() -> outcome(publisher.publish("", this.queue, message("next"))).equals("routed"));
	}

	@Test
	void aMessageThatCannotBeEncodedFailsAloneAndLaterConfirmsStillMatch() throws Exception {
		ConfirmedPublisher publisher = this.publishers.connected(this.broker.port());
		String tooLong = "k".repeat(256);

		CompletableFuture<Confirmation> before = publisher.publish("", this.queue, message("before"));
		CompletableFuture<Confirmation> unencodable = publisher.publish("", tooLong, message("unencodable"));
		CompletableFuture<Confirmation> returned = publisher.publish("", NO_SUCH_QUEUE, message("returned"));
		CompletableFuture<Confirmation> after = publisher.publish("", this.queue, message("after"));
		CompletableFuture<Confirmation> unencodableAgain = publisher.publish("", this.queue, message(tooLong));
		CompletableFuture<Confirmation> last = publisher.publish("", this.queue, message("last"));

		assertThat(List.of(before, unencodable, returned, after, unencodableAgain, last))
			.extracting(PublisherFixture::outcome)
			.containsExactly("routed", "IllegalArgumentException", "returned", "routed", "IllegalArgumentException",
					"routed");
		assertThat(received(3)).containsExactly("before", "after", "last");
	}

	@Test
	void aMessageWithMorePropertiesThanAFrameHoldsFailsAlone() {
		ConfirmedPublisher publisher = this.publishers.connected(this.broker.port());
		org.springframework.amqp.core.Message large = message("large");
		large.getMessageProperties().setHeader("large", "x".repeat(1024 * 1024));

		assertThat(outcome(publisher.publish("", this.queue, large))).isEqualTo("IllegalArgumentException");
		assertThat(outcome(publisher.publish("", this.queue, message("small")))).isEqualTo("routed");
	}

	@Test
	void stoppingSendsWhatWaitsAndAwaitsItsConfirms() {
		ConfirmedPublisher publisher = this.publishers.connected(this.broker.port());
		List<CompletableFuture<Confirmation>> confirmations = IntStream.range(0, 1000)
			.mapToObj((i) -> publisher.publish("", this.queue, message("m" + i)))
			.toList();

		publisher.stop();

		assertThat(confirmations).allMatch(CompletableFuture::isDone)
			.extracting(PublisherFixture::outcome)
			.containsOnly("routed");
	}

	@Test
	void aStoppedPublisherTakesNoMessagesUntilItIsStartedAgain() {
		ConfirmedPublisher publisher = this.publishers.connected(this.broker.port(),
				new PublisherProperties(PublisherFixture.CONFIRM_TIMEOUT, 1, AMPLE));

		publisher.stop();

		assertThat(publisher.isRunning()).isFalse();
		assertThat(outcome(publisher.publish("", this.queue, message("one")))).isEqualTo("BrokerUnavailableException");
		publisher.start();
		await().until(() -> publisher.broker() != null);
		assertThat(outcome(publisher.publish("", this.queue, message("two")))).isEqualTo("routed");
	}

	@Test
	void stoppingDoesNotWaitForAFrozenBroker() throws Exception {
		try (AmqpProxy proxy = new AmqpProxy(this.broker.port())) {
			ConfirmedPublisher publisher = this.publishers.connected(proxy.port(),
					new PublisherProperties(SHORT, 100, AMPLE));
			proxy.freeze();
			List<CompletableFuture<Confirmation>> confirmations = IntStream.range(0, 100)
				.mapToObj((i) -> publisher.publish("", this.queue, message("m" + i, 256 * 1024)))
				.toList();

			publisher.stop();

			assertThat(confirmations).allMatch(CompletableFuture::isCompletedExceptionally);
		}
	}

	@Test
	void aConfirmThatComesTooLateChangesNothing() throws Exception {
		try (AmqpProxy proxy = new AmqpProxy(this.broker.port())) {
			ConfirmedPublisher publisher = this.publishers.connected(proxy.port(),
					new PublisherProperties(SHORT, 1, AMPLE));
			proxy.freezeAnswers();
			CompletableFuture<Confirmation> late = publisher.publish("", this.queue, message("late"));
			assertThat(outcome(late)).isEqualTo("UnconfirmedException");

			proxy.thaw();

			await().until(() -> outcome(publisher.publish("", this.queue, message("next"))).equals("routed"));
			assertThat(outcome(late)).isEqualTo("UnconfirmedException");
			assertThat(outcome(publisher.publish("", NO_SUCH_QUEUE, message("none")))).isEqualTo("returned");
		}
	}

	private List<String> received(int count) throws Exception {
		BlockingQueue<String> ids = new LinkedBlockingQueue<>();
		String consumer = this.channel.basicConsume(this.queue, true,
				(tag, delivery) -> ids.add(delivery.getProperties().getMessageId()), (tag) -> {
				});
		List<String> received = Collections.synchronizedList(new ArrayList<>());
		for (String id = ids.poll(30, TimeUnit.SECONDS); id != null; id = ids.poll(30, TimeUnit.SECONDS)) {
			received.add(id);
			if (received.size() == count) {
				break;
			}
		}
		this.channel.basicCancel(consumer);
		received.addAll(ids);
		return received;
	}

}
