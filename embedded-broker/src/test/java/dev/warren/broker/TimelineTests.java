package dev.warren.broker;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class TimelineTests {

	private static final Pattern TIME = Pattern.compile("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} ");

	private static EmbeddedBroker broker;

	private Connection connection;

	private Channel channel;

	private long before;

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
		this.connection = connect("shop");
		this.channel = this.connection.createChannel();
		this.channel.queueDeclare("dead", false, false, false, Map.of());
		this.channel.queueDeclare("orders", false, false, false,
				Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "dead"));
		this.channel.basicPublish("", "dead", null, new byte[0]);
		broker.await("a message", () -> broker.queue("dead").ready() == 1);
		this.before = broker.timeline().entries().get(broker.timeline().entries().size() - 1).message();
		broker.reset();
	}

	private static Connection connect(String name) throws Exception {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setUri(broker.uri());
		return factory.newConnection(name);
	}

	@AfterEach
	void disconnect() throws Exception {
		if (this.connection.isOpen()) {
			Channel cleaning = this.connection.createChannel();
			cleaning.queueDelete("orders");
			cleaning.queueDelete("dead");
			this.connection.close();
		}
	}

	@Test
	void whatIsRejectedIsDeadLettered() throws Exception {
		this.channel.basicPublish("", "orders", null, "x".getBytes());
		broker.await("a message", () -> broker.queue("orders").ready() == 1);

		this.channel.basicReject(this.channel.basicGet("orders", false).getEnvelope().getDeliveryTag(), false);
		broker.await("a dead letter", () -> broker.queue("dead").ready() == 1);

		assertTells("""
				[shop/1] #1 published to the default exchange: "x", key 'orders'
				[shop/1] #1 routed to queue 'orders' by its name
				[shop/1] #1 delivered from queue 'orders', with the tag 1
				[shop/1] #1 rejected in queue 'orders'
				[broker] #1 dead lettered from queue 'orders', to the default exchange with the key 'dead'
				[broker] #1 routed to queue 'dead' by its name
				""");
		assertThat(broker.queue("dead").received()).singleElement()
			.satisfies((letter) -> assertThat(letter.headers()).containsEntry("x-last-death-reason", "rejected"));
	}

	@Test
	void whatExpiresSaysSo() throws Exception {
		this.channel.basicPublish("", "orders", new BasicProperties.Builder().expiration("1").build(), "x".getBytes());

		broker.await("a dead letter", () -> broker.queue("dead").ready() == 1);

		assertTells("""
				[shop/1] #1 published to the default exchange: "x", key 'orders'
				[shop/1] #1 routed to queue 'orders' by its name
				[broker] #1 expired in queue 'orders'
				[broker] #1 dead lettered from queue 'orders', to the default exchange with the key 'dead'
				[broker] #1 routed to queue 'dead' by its name
				""");
	}

	@Test
	void whatComesBackIsDeliveredAgain() throws Exception {
		this.channel.basicPublish("", "orders", null, "x".getBytes());
		broker.await("a message", () -> broker.queue("orders").ready() == 1);
		Connection other = connect("billing");
		Channel itsChannel = other.createChannel();
		itsChannel.basicNack(itsChannel.basicGet("orders", false).getEnvelope().getDeliveryTag(), false, true);
		itsChannel.basicGet("orders", false);

		other.close();
		broker.await("its end", () -> broker.timeline().toString().contains("[billing] disconnected"));
		broker.await("what had no acknowledgement", () -> broker.queue("orders").ready() == 1);
		GetResponse got = this.channel.basicGet("orders", false);
		this.channel.basicAck(got.getEnvelope().getDeliveryTag(), false);
		broker.await("an acknowledgement", () -> broker.queue("orders").unacknowledged() == 0);

		assertTells("""
				[shop/1] #1 published to the default exchange: "x", key 'orders'
				[shop/1] #1 routed to queue 'orders' by its name
				[billing] connected, as user 'guest'
				[billing/1] #1 delivered from queue 'orders', with the tag 1
				[billing/1] #1 requeued in queue 'orders'
				[billing/1] #1 delivered from queue 'orders', with the tag 2, redelivered
				[billing/1] #1 requeued in queue 'orders', because its channel closed
				[billing] disconnected
				[shop/1] #1 delivered from queue 'orders', with the tag 1, redelivered
				[shop/1] #1 acknowledged in queue 'orders'
				""");
	}

	@Test
	void whatNoQueueGetsIsExplained() throws Exception {
		this.channel.exchangeDeclare("logs", "topic");
		this.channel.exchangeDeclare("alarms", "direct");
		this.channel.queueBind("orders", "logs", "kern.critical");
		this.channel.queueBind("orders", "logs", "*.info.*");
		this.channel.queueBind("orders", "alarms", "Fire");
		broker.reset();

		for (String key : List.of("kern.critcal", "cron.info", "mail")) {
			this.channel.basicPublish("logs", key, true, null, "x".getBytes());
		}
		this.channel.basicPublish("alarms", "fire", null, "x".getBytes());
		this.channel.basicPublish("", "order", null, "x".getBytes());
		broker.await("five messages", () -> broker.timeline().unroutable().size() == 5);

		assertThat(broker.timeline().entries()).filteredOn((entry) -> entry.what().equals("unroutable"))
			.extracting(Timeline.Entry::detail)
			.containsExactly(
					"no binding of exchange 'logs' matches 'kern.critcal'; the binding 'kern.critical' differs in one letter",
					"no binding of exchange 'logs' matches 'cron.info'; the binding '*.info.*' is for keys of 3 words, and this has 2 words",
					"no binding of exchange 'logs' matches 'mail'; the binding '*.info.*' is for keys of 3 words, and this has one word",
					"no binding of exchange 'alarms' matches 'fire'; the binding 'Fire' differs in upper and lower case",
					"there is no queue 'order'; the queue 'orders' differs in one letter");
		assertThat(broker.timeline().entries()).filteredOn((entry) -> entry.what().equals("returned")).hasSize(3);
		this.channel.exchangeDelete("logs");
		this.channel.exchangeDelete("alarms");
	}

	@Test
	void transactionsAndTheirAcknowledgementsAreTold() throws Exception {
		this.channel.txSelect();
		this.channel.basicPublish("", "orders", null, "x".getBytes());
		this.channel.txCommit();
		long tag = this.channel.basicGet("orders", false).getEnvelope().getDeliveryTag();
		this.channel.basicAck(tag, false);
		this.channel.txCommit();

		assertTells("""
				[shop/1] #1 published to the default exchange: "x", key 'orders'
				[shop/1] #1 routed to queue 'orders' by its name
				[shop/1] #1 delivered from queue 'orders', with the tag 1
				[shop/1] #1 acknowledged in queue 'orders'
				""");
	}

	@Test
	void whatATransactionTakesBackNeverCame() throws Exception {
		this.channel.txSelect();
		this.channel.basicPublish("", "orders", null, "x".getBytes());
		this.channel.basicPublish("", "nowhere", null, "x".getBytes());
		this.channel.txRollback();
		this.channel.basicPublish("", "orders", null, "y".getBytes());
		this.channel.basicPublish("", "order", null, "z".getBytes());
		this.channel.txCommit();

		assertThat(broker.queue("orders").received()).extracting(BrokerMessage::text).containsExactly("y");
		assertThat(broker.timeline().published()).extracting(BrokerMessage::text).containsExactly("y", "z");
		assertThat(broker.timeline().unroutable()).extracting(BrokerMessage::text).containsExactly("z");
	}

	@Test
	void aFullQueueDoesNotReceive() throws Exception {
		this.channel.queueDeclare("small", false, true, true,
				Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
		this.channel.queueDeclare("large", false, true, true, Map.of());
		this.channel.queueBind("small", "amq.fanout", "");
		this.channel.queueBind("large", "amq.fanout", "");
		this.channel.queueDelete("orders");
		this.channel.queueDeclare("orders", false, false, false,
				Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "small"));
		this.channel.basicPublish("amq.fanout", "", null, "a".getBytes());
		this.channel.basicPublish("amq.fanout", "", null, "b".getBytes());
		broker.await("b", () -> broker.queue("large").ready() == 2);

		broker.publish("amq.fanout", "", "c");
		broker.publish("", "orders", BrokerMessage.of("d").withExpiration(0));
		broker.await("the end of d", () -> refusals() == 3);

		assertThat(broker.queue("small").received()).extracting(BrokerMessage::text).containsExactly("a");
		assertThat(broker.queue("large").received()).extracting(BrokerMessage::text).containsExactly("a", "b", "c");
		assertThat(broker.timeline().entries()).filteredOn((entry) -> entry.what().equals("routed"))
			.filteredOn((entry) -> entry.queue().equals("large"))
			.extracting(Timeline.Entry::detail)
			.containsOnly("by the binding '' of exchange 'amq.fanout'");
	}

	private static long refusals() {
		return broker.timeline()
			.toString()
			.lines()
			.filter((line) -> line.endsWith("refused in queue 'small', the queue is full"))
			.count();
	}

	@Test
	void aDelayedMessageThatNoQueueGetsIsToldWhenItIsDue() throws Exception {
		this.channel.exchangeDeclare("later", "x-delayed-message", false, true, Map.of("x-delayed-type", "direct"));
		broker.publish("later", "order", BrokerMessage.of("x").withHeader("x-delay", 60_000));
		assertThat(broker.timeline().unroutable()).isEmpty();

		broker.time().advance(Duration.ofMinutes(1));

		assertThat(broker.timeline().unroutable()).singleElement();
		this.channel.exchangeDelete("later");
	}

	@Test
	void aTestAnswersARequest() throws Exception {
		BlockingQueue<String> answers = new LinkedBlockingQueue<>();
		this.channel.basicConsume("amq.rabbitmq.reply-to", true,
				(tag, answer) -> answers.add(new String(answer.getBody())), (tag) -> {
				});
		this.channel.basicPublish("", "orders", new BasicProperties.Builder().replyTo("amq.rabbitmq.reply-to").build(),
				"?".getBytes());

		BrokerMessage request = broker.queue("orders").get(Duration.ofSeconds(10));
		broker.publish("", Objects.requireNonNull(request.replyTo()), "!");

		assertThat(answers.poll(10, TimeUnit.SECONDS)).isEqualTo("!");
		assertThat(broker.timeline().toString()).contains("[test] ").contains("as a direct reply");
	}

	@Test
	void whatGoesWithItsQueueIsTold() throws Exception {
		this.channel.queueDeclare("brief", false, true, true, Map.of("x-expires", 60_000));
		broker.publish("", "brief", "x");

		broker.time().advance(Duration.ofMinutes(1));

		assertThat(broker.timeline().toString()).contains("[broker] queue deleted 'brief', with 1 messages");
	}

	@Test
	void whatClosesAChannelIsTold() throws Exception {
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> this.channel.queueDeclare("orders", true, false, false, Map.of()));

		assertThat(broker.timeline().toString())
			.contains("[shop/1] channel closed, PRECONDITION_FAILED - inequivalent arg 'durable'");
	}

	@Test
	void itForgetsTheFirstEvents() {
		for (int i = 0; i < Timeline.MOST_ENTRIES; i++) {
			broker.publish("", "orders", "x");
		}

		assertThat(broker.timeline().entries()).hasSize(Timeline.MOST_ENTRIES);
		assertThat(broker.timeline().forgotten()).isEqualTo(Timeline.MOST_ENTRIES);
		assertThat(broker.timeline().toString()).startsWith("… 19800 events before\n");
	}

	@Test
	void itForgetsLargeMessages() {
		BrokerMessage large = BrokerMessage.of(new byte[2 * 1024 * 1024]);
		IntStream.range(0, 100).forEach((i) -> broker.publish("", "orders", large));

		assertThat(broker.queue("orders").received()).hasSizeBetween(1,
				(int) (Timeline.MOST_OCTETS / (1024 * 1024)) + 1);
		assertThat(broker.get("orders")).hasValueSatisfying((message) -> {
			assertThat(message.bodySize()).isEqualTo(2 * 1024 * 1024);
			assertThat(message.body()).hasSize(1024 * 1024);
		});
	}

	@Test
	void withoutATimelineNothingIsNoted() {
		try (EmbeddedBroker without = EmbeddedBroker.builder().timeline(false).start()) {
			without.publish("", "orders", "x");

			assertThat(without.timeline().entries()).isEmpty();
			assertThat(without.timeline()).hasToString("unknown, the broker keeps no timeline\n");
			assertThatIllegalStateException().isThrownBy(() -> without.queue("orders").received())
				.withMessage(
						"The broker keeps no timeline, and does not know its messages: start it with timeline(true), or 'warren.broker.timeline'");
		}
	}

	@Test
	void eachEventIsALine() throws Exception {
		Connection strange = connect("shop\n12:00:00.000 [billing] forged");
		strange.close();
		broker.await("its end", () -> broker.timeline().toString().contains("disconnected"));
		broker.publish("amq.topic", "a\rb\u2028c",
				BrokerMessage.of("{\n\t\"id\": 7\n}")
					.withHeader("x-exception-stacktrace",
							"java.lang.Exception\n" + "\tat shop.Shop.sell(Shop.java:7)\n".repeat(50))
					.withHeader("key", new byte[16]));

		String text = broker.timeline().toString();
		assertThat(text.split("\\R")).hasSize(4).allSatisfy((line) -> assertThat(line).hasSizeLessThan(500));
		assertThat(text).contains("[shop\\n12:00:00.000 [billing] forged] connected",
				": \"{\\n\\t\"id\": 7\\n}\", key 'a\\rb\\u2028c', headers {x-exception-stacktrace=java.lang.Exception\\u000a",
				"…, key=16 octets}");
	}

	@Test
	void aConditionMayTakeForEver() {
		assertThat(broker.timeline().holdsWithin(ChronoUnit.FOREVER.getDuration(), () -> true)).isTrue();
		assertThat(broker.timeline().holdsWithin(ChronoUnit.FOREVER.getDuration().negated(), () -> false)).isFalse();
	}

	@ParameterizedTest
	@MethodSource
	void whatAmqpCannotSayIsRefused(Consumer<BrokerMessage> attempt, String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> attempt.accept(BrokerMessage.of("x")))
			.withMessageContaining(text);
	}

	static Stream<Arguments> whatAmqpCannotSayIsRefused() {
		return Stream.of(refused((message) -> broker.publish("", "\u00e4".repeat(128), message), "at most 255 octets"),
				refused((message) -> message.withHeader("x".repeat(256), 1), "at most 255 octets"),
				refused((message) -> message.withHeader("price", new BigDecimal("12345678901.23")),
						"The header 'price' cannot be 12345678901.23, of class java.math.BigDecimal"),
				refused((message) -> message.withHeader("price", new BigDecimal("1E+5")), "'price' cannot be 1E+5"),
				refused((message) -> message.withHeader("n", BigInteger.TWO.pow(64)), "'n' cannot be 184467440737"),
				refused((message) -> message.withHeader("ids", Map.of("all", List.of(Set.of(7)))),
						"The header 'all' cannot be [7]"),
				refused((message) -> message.withExpiration(Long.MAX_VALUE), "cannot expire in"));
	}

	private static Arguments refused(Consumer<BrokerMessage> attempt, String text) {
		return Arguments.of(attempt, text);
	}

	@Test
	void theBeginningOfAMessageIsNotPublished() {
		broker.publish("", "orders", BrokerMessage.of(new byte[2 * 1024 * 1024]));
		BrokerMessage found = broker.get("orders").orElseThrow();

		assertThatIllegalArgumentException().isThrownBy(() -> broker.publish("", "orders", found))
			.withMessage("Of this message's 2097152 octets only the first 1048576 are known");
	}

	@Test
	void whatDoesNotComeIsAFailureWithTheTimeline() {
		broker.publish("", "order", "x");

		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> broker.await("an order", Duration.ofMillis(20), () -> false))
			.withMessageContaining("Waited 20 ms in vain for an order. What happened:")
			.withMessageContaining("the queue 'orders' differs in one letter");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> broker.queue("orders").get(Duration.ofMillis(20)))
			.withMessageContaining("in vain for a message in queue 'orders'");
	}

	@Test
	void whatIsNotThereIsNamed() {
		assertThatIllegalArgumentException().isThrownBy(() -> broker.publish("nowhere", "x", "x"))
			.withMessage("There is no exchange 'nowhere' in the virtual host '/'");
		assertThatIllegalArgumentException().isThrownBy(() -> broker.get("nowhere"))
			.withMessageStartingWith("There is no queue 'nowhere' in the virtual host '/', only [");
		assertThat(broker.queue("nowhere").exists()).isFalse();
		assertThat(broker.exchange("nowhere").exists()).isFalse();
		assertThat(broker.exchange("amq.topic").type()).isEqualTo("topic");
	}

	@Test
	void connectionsAreNamed() {
		assertThat(broker.connections()).singleElement().satisfies((one) -> {
			assertThat(one.name()).isEqualTo("shop");
			assertThat(one.user()).isEqualTo("guest");
			assertThat(one.address()).startsWith("127.0.0.1:");
		});
	}

	private void assertTells(String text) {
		assertThat(TIME.matcher(broker.timeline().toString()).replaceAll(""))
			.isEqualTo(text.replace("#1", "#" + (this.before + 1)));
	}

}
