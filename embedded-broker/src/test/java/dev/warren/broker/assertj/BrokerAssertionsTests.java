package dev.warren.broker.assertj;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.warren.broker.BrokerMessage;
import dev.warren.broker.EmbeddedBroker;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.warren.broker.assertj.BrokerAssertions.assertThat;
import static dev.warren.broker.assertj.BrokerAssertions.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class BrokerAssertionsTests {

	private static final Duration SOON = Duration.ofMillis(50);

	private static final Pattern TIME = Pattern.compile("\\d\\d:\\d\\d:\\d\\d\\.\\d{3}");

	private static final Pattern NUMBER = Pattern.compile("#\\d+");

	private static EmbeddedBroker broker;

	private Connection connection;

	private Channel channel;

	@BeforeAll
	static void start() {
		broker = EmbeddedBroker.builder().start();
	}

	@AfterAll
	static void stop() {
		broker.close();
	}

	@BeforeEach
	void connect() throws Exception {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setUri(broker.uri());
		this.connection = factory.newConnection("shop");
		this.channel = this.connection.createChannel();
		this.channel.exchangeDeclare("orders", "topic");
		this.channel.queueDeclare("shipments", false, false, false, Map.of());
		this.channel.queueBind("shipments", "orders", "paid.*");
		broker.reset();
	}

	@AfterEach
	void disconnect() throws Exception {
		this.channel.queueDelete("shipments");
		this.channel.exchangeDelete("orders");
		this.connection.close();
	}

	@Test
	void aMessageThatSomebodyTookWasReceived() throws Exception {
		this.channel.basicConsume("shipments", true, (tag, delivery) -> {
		}, (tag) -> {
		});
		this.channel.basicPublish("orders", "paid.7", headers(Map.of("carrier", "dhl", "weight", 12)), "{}".getBytes());

		assertThat(broker.queue("shipments"))
			.receives(message().withHeader("carrier", "dhl")
				.withHeader("weight", 12L)
				.withText("{}")
				.withExchange("orders")
				.withRoutingKey("paid.7")
				.withContentType("application/json")
				.withoutHeader("colour"))
			.within(Duration.ofSeconds(5));
		assertThat(broker.queue("shipments")).isIdle().hasConsumers(1).exists();
		assertThat(broker).isIdle().hasConnections(1).routedEverything();
	}

	@Test
	void whatATestPublishesIsReceived() {
		assertThat(broker.publish("orders", "paid.8",
				BrokerMessage.of("x").withHeader("a", 1).withMessageId("m").persistent()))
			.containsExactly("shipments");

		assertThat(broker.queue("shipments")).hasReady(1)
			.receives(message().withMessageId("m").persistent().matching("short", (it) -> it.bodySize() < 2))
			.and()
			.doesNotReceive(message().withMessageId("n"))
			.during(SOON);
		assertThat(broker.get("shipments")).hasValueSatisfying((it) -> assertThat(it.text()).isEqualTo("x"));
		assertThat(broker.queue("shipments")).isEmpty();
	}

	@Test
	void aFailureNamesTheNearestMessage() throws Exception {
		this.channel.basicPublish("orders", "paid.7", headers(Map.of("carrier", "ups")), "{\"id\": 7}".getBytes());
		this.channel.basicPublish("orders", "piad.8", headers(Map.of("carrier", "dhl")), "{\"id\": 8}".getBytes());

		assertFails(
				() -> assertThat(broker.queue("shipments")).within(Duration.ofSeconds(1))
					.receives(message().withHeader("carrier", "dhl").withContentType("application/json")),
				"""
						Expected queue 'shipments' to receive a message with header carrier = "dhl", content type "application/json" within 1 s, but of 1 it got, the nearest is "{"id": 7}", key 'paid.7', headers {carrier=ups}: header carrier = "ups" instead of header carrier = "dhl".
						What happened:
						TIME [shop/1] #N published to exchange 'orders': "{"id": 7}", key 'paid.7', headers {carrier=ups}
						TIME [shop/1] #N routed to queue 'shipments' by the binding 'paid.*' of exchange 'orders'
						TIME [shop/1] #N published to exchange 'orders': "{"id": 8}", key 'piad.8', headers {carrier=dhl}
						TIME [shop/1] #N unroutable, no binding of exchange 'orders' matches 'piad.8'; the binding 'paid.*' differs in 2 letters
						""");
	}

	@Test
	void aFailureSaysThatMuchIsForgotten() {
		for (int i = 0; i < 10_000; i++) {
			broker.publish("orders", "paid.7", "x");
		}

		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(broker.queue("shipments")).within(SOON).receives(10_000, message()))
			.withMessageContaining("but it got 5000 (the first 10000 events are forgotten).");
	}

	@Test
	void aLargeBodyIsComparedAndNotShown() {
		byte[] large = new byte[2 * 1024 * 1024];
		broker.publish("orders", "paid.7", BrokerMessage.of(large));

		assertThat(broker.queue("shipments")).receives(message().withBody(large));
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(broker.queue("shipments")).within(SOON)
				.receives(message().withBody(new byte[] { 1, 2 })))
			.withMessageContaining(": 2097152 octets [0, 0, ")
			.withMessageContaining(", 0, …] instead of 2 octets [1, 2].")
			.satisfies((failure) -> assertThat(failure.toString()).hasSizeLessThan(2000));
	}

	@Test
	void noMessageIsNotACount() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> assertThat(broker.queue("shipments")).receives(0, message()))
			.withMessage("'count' must be 1 or more, not 0; that no message comes is 'doesNotReceive'");
	}

	@Test
	void aBrokerWithoutATimelineCannotTellWhatCame() {
		try (EmbeddedBroker without = EmbeddedBroker.builder().timeline(false).start()) {
			assertThatIllegalStateException()
				.isThrownBy(() -> assertThat(without.queue("shipments")).doesNotReceive(message()))
				.withMessageStartingWith("The broker keeps no timeline");
			assertThatIllegalStateException().isThrownBy(() -> assertThat(without).routedEverything());
			assertThat(without.queue("shipments")).within(ChronoUnit.FOREVER.getDuration()).doesNotExist();
		}
	}

	@Test
	void aFailureSaysThatNothingCame() {
		assertFails(() -> assertThat(broker.queue("shipments")).within(SOON).receives(message()), """
				Expected queue 'shipments' to receive a message within 50 ms, but nothing came.
				What happened:
				nothing
				""");
		assertFails(() -> assertThat(broker.queue("shipment")).within(SOON).receives(message().withText("a")), """
				Expected queue 'shipment' to receive a message with text "a" within 50 ms, but there is no such queue.
				What happened:
				nothing
				""");
	}

	@Test
	void aFailureSaysWhatIsThereInstead() throws Exception {
		broker.publish("orders", "paid.9", "x");
		this.channel.basicConsume("shipments", false, "slow", (tag, delivery) -> {
		}, (tag) -> {
		});
		broker.await("a delivery", () -> broker.queue("shipments").unacknowledged() == 1);

		assertFails(() -> assertThat(broker.queue("shipments")).within(SOON).isIdle(),
				"""
						Expected queue 'shipments' to have nothing ready and nothing unacknowledged within 50 ms, but it has 0 ready, 1 unacknowledged and 1 consumers.
						What happened:
						TIME [test] #N published to exchange 'orders': "x", key 'paid.9'
						TIME [test] #N routed to queue 'shipments' by the binding 'paid.*' of exchange 'orders'
						TIME [shop/1] consuming from queue 'shipments', slow
						TIME [shop/1] #N delivered from queue 'shipments', with the tag 1
						""");
		this.channel.basicCancel("slow");
	}

	static Stream<Arguments> failures() {
		return Stream.of(
				fails((it) -> assertThat(it.queue("shipments")).within(SOON).hasReady(2),
						"Expected queue 'shipments' to have 2 messages ready within 50 ms, "
								+ "but it has 1 ready, 0 unacknowledged and 0 consumers."),
				fails((it) -> assertThat(it.queue("shipments")).within(SOON).isEmpty(),
						"Expected queue 'shipments' to be empty within 50 ms, "
								+ "but it has 1 ready, 0 unacknowledged and 0 consumers."),
				fails((it) -> assertThat(it.queue("shipments")).within(SOON).hasConsumers(1),
						"Expected queue 'shipments' to have 1 consumers within 50 ms, "
								+ "but it has 1 ready, 0 unacknowledged and 0 consumers."),
				fails((it) -> assertThat(it.queue("bills")).within(SOON).exists(),
						"Expected queue 'bills' to exist within 50 ms, but it does not exist."),
				fails((it) -> assertThat(it.queue("shipments")).within(SOON).doesNotExist(),
						"Expected queue 'shipments' to not exist within 50 ms, "
								+ "but it has 1 ready, 0 unacknowledged and 0 consumers."),
				fails((it) -> assertThat(it.queue("shipments")).within(SOON).receives(2, message().withText("x")),
						"Expected queue 'shipments' to receive 2 times a message with text \"x\" within 50 ms, "
								+ "but it got 1."),
				fails((it) -> assertThat(it.queue("shipments")).receives(message()).within(Duration.ZERO),
						"Expected queue 'shipments' to receive a message within 0 s, but it took"),
				fails((it) -> assertThat(it.queue("shipments")).doesNotReceive(message()),
						"Expected queue 'shipments' not to receive a message, but it got 1."),
				fails((it) -> assertThat(it.queue("shipments")).as("the shipments").within(SOON).isIdle(),
						"[the shipments] Expected queue 'shipments' to have nothing ready and nothing unacknowledged "
								+ "within 50 ms, but it has 1 ready, 0 unacknowledged and 0 consumers."),
				fails((it) -> assertThat(it.exchange("orders")).within(SOON).hasType("fanout"),
						"Expected exchange 'orders' to be of type fanout within 50 ms, but it is of type topic."),
				fails((it) -> assertThat(it.exchange("orders")).within(SOON).hasBinding("shipments", "paid"),
						"Expected exchange 'orders' to have a binding of queue 'shipments' with the key 'paid' "
								+ "within 50 ms, but it has 'paid.*' to shipments."),
				fails((it) -> assertThat(it.exchange("bills")).within(SOON).exists(),
						"Expected exchange 'bills' to exist within 50 ms, but it does not exist."),
				fails((it) -> assertThat(it).within(SOON).isIdle(),
						"Expected the broker to have nothing ready and nothing unacknowledged within 50 ms, "
								+ "but there are [queue 'shipments' (1 ready, 0 unacknowledged, 0 consumers)]."),
				fails((it) -> assertThat(it).within(SOON).hasConnections(0),
						"Expected the broker to have 0 connections within 50 ms, but there are [BrokerConnection[name=shop"),
				fails((it) -> assertThat(it).routedEverything(),
						"Expected every message to come to a queue, but 1 came to none, first \"y\", key 'sold'."));
	}

	private static Arguments fails(ThrowingConsumer<EmbeddedBroker> assertion, String text) {
		return Arguments.of(assertion, text);
	}

	@ParameterizedTest(name = "{1}")
	@MethodSource("failures")
	void eachAssertionSaysWhatIsThereInstead(ThrowingConsumer<EmbeddedBroker> assertion, String text) {
		broker.publish("orders", "paid.1", "x");
		broker.publish("orders", "sold", "y");

		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> assertion.accept(broker))
			.withMessageStartingWith(text)
			.withMessageContaining("What happened:");
	}

	private static BasicProperties headers(Map<String, Object> headers) {
		return new BasicProperties.Builder().contentType("application/json").headers(headers).build();
	}

	private static void assertFails(ThrowingCallable assertion, String text) {
		assertThatExceptionOfType(AssertionError.class).isThrownBy(assertion)
			.extracting(
					(failure) -> NUMBER.matcher(TIME.matcher(failure.toString()).replaceAll("TIME")).replaceAll("#N"))
			.isEqualTo("java.lang.AssertionError: " + text);
	}

}
