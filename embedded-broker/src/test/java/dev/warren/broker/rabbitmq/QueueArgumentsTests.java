package dev.warren.broker.rabbitmq;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.MessageProperties;
import dev.warren.broker.RabbitMqVersion;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.warren.broker.rabbitmq.Deliveries.tag;
import static dev.warren.broker.rabbitmq.Deliveries.text;
import static dev.warren.broker.rabbitmq.Refusals.assertClosesChannel;
import static dev.warren.broker.rabbitmq.Refusals.assertClosesChannelMatching;
import static dev.warren.broker.rabbitmq.Refusals.assertClosesConnectionMatching;
import static dev.warren.broker.rabbitmq.TestClient.text;
import static dev.warren.broker.rabbitmq.TestClient.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

@CompatibilityTests
@DisplayName("Queue arguments")
class QueueArgumentsTests {

	private static BasicProperties expiring(String milliseconds) {
		return new BasicProperties.Builder().expiration(milliseconds).build();
	}

	private static BasicProperties priority(int priority) {
		return new BasicProperties.Builder().priority(priority).build();
	}

	@Test
	@DisplayName("`x-message-ttl` drops messages that wait longer")
	void messagesOfAQueueExpire(TestClient client) throws Exception {
		String queue = client.exclusiveQueue(Map.of("x-message-ttl", 100));

		client.send(queue, "1", "2");

		client.awaitReady(queue, 0);
	}

	@Test
	@DisplayName("`x-message-ttl` 0 still delivers to a consumer that is ready")
	void aTtlOfZeroIsForReadyConsumers(TestClient client) throws Exception {
		String queue = client.exclusiveQueue(Map.of("x-message-ttl", 0));
		client.send(queue, "nobody there");
		Deliveries deliveries = Deliveries.from(client.channel(), queue);

		client.send(queue, "delivered");

		assertThat(deliveries.nextText()).isEqualTo("delivered");
	}

	@Test
	@DisplayName("`x-message-ttl` does not touch what a consumer holds")
	void heldMessagesDoNotExpire(TestClient client) throws Exception {
		String queue = client.exclusiveQueue(Map.of("x-message-ttl", 200));
		Channel channel = client.channel();
		channel.basicQos(1);
		Deliveries deliveries = Deliveries.from(channel, queue);
		client.send(queue, "held", "expires");
		Delivery held = deliveries.next();

		client.awaitReady(queue, 0);

		channel.basicAck(tag(held), false);
		client.send(queue, "next");
		assertThat(deliveries.nextText()).isEqualTo("next");
		assertThat(channel.isOpen()).isTrue();
	}

	@Test
	@DisplayName("`expiration` drops a message that waits longer")
	void aMessageExpires(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();

		client.send("", queue, expiring("100"), "expires");

		client.awaitReady(queue, 0);
	}

	@Test
	@DisplayName("With `expiration` 0 a consumer that is free gets a message, and once it is back nobody does")
	void anExpirationOfZero(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		Channel channel = client.channel();
		List<String> received = new CopyOnWriteArrayList<>();
		channel.basicConsume(queue, false, (tag, delivery) -> {
			received.add(new String(delivery.getBody(), StandardCharsets.UTF_8));
			channel.basicReject(delivery.getEnvelope().getDeliveryTag(), true);
		}, (tag) -> {
		});
		List<String> texts = IntStream.range(0, 200).mapToObj(Integer::toString).toList();

		for (String text : texts) {
			channel.basicPublish("", queue, new BasicProperties.Builder().expiration("0").build(),
					text.getBytes(StandardCharsets.UTF_8));
			Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> received.contains(text));
		}

		client.awaitReady(queue, 0);
		assertThat(received).containsExactlyElementsOf(texts);
	}

	@Test
	@DisplayName("The smaller of `expiration` and `x-message-ttl` counts")
	void theSmallerTtlCounts(TestClient client) throws Exception {
		String shortQueue = client.exclusiveQueue(Map.of("x-message-ttl", 100));
		String longQueue = client.exclusiveQueue(Map.of("x-message-ttl", 600_000));

		client.send("", shortQueue, expiring("600000"), "by the queue's");
		client.send("", longQueue, expiring("100"), "by its own");

		client.awaitReady(shortQueue, 0);
		client.awaitReady(longQueue, 0);
	}

	@Test
	@DisplayName("An expired message is not delivered, whatever stood before it")
	void expiredMessagesAreNotDelivered(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send("", queue, expiring("600000"), "head");
		client.send("", queue, expiring("1"), "expires behind the head");
		client.send("", queue, expiring("600000"), "tail");
		String clock = client.exclusiveQueue(Map.of("x-message-ttl", 100));
		client.send(clock, "tick");
		client.awaitReady(clock, 0);

		Deliveries deliveries = Deliveries.from(client.channel(), queue);

		assertThat(deliveries.nextTexts(2)).containsExactly("head", "tail");
	}

	@Test
	@DisplayName("`x-expires` deletes a queue that nobody uses")
	void anUnusedQueueExpires(TestClient client) throws Exception {
		String queue = unique("expiring");
		client.channel().queueDeclare(queue, false, false, false, Map.of("x-expires", 200));

		Awaitility.await("the queue is gone").until(() -> client.returned("", queue));
	}

	@Test
	@DisplayName("`x-expires` does not delete a queue with a consumer")
	void aConsumerKeepsItsQueue(TestClient client) throws Exception {
		Map<String, Object> expires = Map.of("x-expires", 2000);
		String used = unique("used");
		String unused = unique("unused");
		Channel channel = client.channel();
		channel.queueDeclare(used, false, false, false, expires);
		Deliveries deliveries = Deliveries.from(channel, used);
		channel.queueDeclare(unused, false, false, false, expires);

		Awaitility.await("the unused queue is gone").until(() -> client.returned("", unused));

		client.send(used, "kept");
		assertThat(deliveries.nextText()).isEqualTo("kept");
	}

	@Test
	@DisplayName("The time of `x-expires` begins when the last consumer is cancelled")
	void theTimeBeginsWithTheLastCancel(TestClient client) throws Exception {
		String queue = unique("expiring");
		Channel channel = client.channel();
		channel.queueDeclare(queue, false, false, false, Map.of("x-expires", 2000));
		Deliveries deliveries = Deliveries.from(channel, queue);

		channel.basicCancel(deliveries.getConsumerTag());

		Awaitility.await("the queue is gone").until(() -> client.returned("", queue));
	}

	@Test
	@DisplayName("`x-max-length` drops from the head")
	void aFullQueueDropsItsHead(TestClient client) throws Exception {
		String queue = client.exclusiveQueue(Map.of("x-max-length", 2));

		client.send(queue, "1", "2", "3");

		assertThat(client.ready(queue)).isEqualTo(2);
		assertThat(text(client.take(queue))).isEqualTo("2");
		assertThat(text(client.take(queue))).isEqualTo("3");
	}

	@Test
	@DisplayName("`x-max-length` counts only messages that are ready")
	void heldMessagesAreNotCounted(TestClient client) throws Exception {
		String queue = client.exclusiveQueue(Map.of("x-max-length", 1));
		client.send(queue, "held");
		Channel channel = client.channel();
		channel.basicGet(queue, false);

		client.send(queue, "ready");

		assertThat(client.ready(queue)).isOne();
		assertThat(text(client.take(queue))).isEqualTo("ready");
	}

	@Test
	@DisplayName("`x-max-length` 0 keeps nothing")
	void aLengthOfZeroKeepsNothing(TestClient client) throws Exception {
		String queue = client.exclusiveQueue(Map.of("x-max-length", 0));

		client.send(queue, "dropped");

		assertThat(client.ready(queue)).isZero();
	}

	@Test
	@DisplayName("`x-max-length-bytes` limits the bodies' bytes")
	void aQueueIsLimitedInBytes(TestClient client) throws Exception {
		String queue = client.exclusiveQueue(Map.of("x-max-length-bytes", 10));

		client.send(queue, "12345", "67890", "abc");

		assertThat(client.ready(queue)).isEqualTo(2);
		assertThat(text(client.take(queue))).isEqualTo("67890");
		assertThat(text(client.take(queue))).isEqualTo("abc");
	}

	@Test
	@DisplayName("With `x-max-length` and `x-max-length-bytes` the one reached first counts")
	void bothLimitsHold(TestClient client) throws Exception {
		String queue = client.exclusiveQueue(Map.of("x-max-length", 2, "x-max-length-bytes", 10));

		client.send(queue, "1", "2", "3");
		assertThat(client.ready(queue)).isEqualTo(2);
		client.send(queue, "123456789");

		assertThat(client.ready(queue)).isEqualTo(2);
		assertThat(text(client.take(queue))).isEqualTo("3");
	}

	@Test
	@DisplayName("`x-overflow` `drop-head` is the default said aloud")
	void dropHeadMayBeSaid(TestClient client) throws Exception {
		String queue = client.exclusiveQueue(Map.of("x-max-length", 1, "x-overflow", "drop-head"));

		client.send(queue, "1", "2");

		assertThat(text(client.take(queue))).isEqualTo("2");
	}

	@Test
	@DisplayName("`x-overflow` `reject-publish` nacks what does not fit")
	void aFullQueueNacks(TestClient client) throws Exception {
		String queue = client.exclusiveQueue(Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
		client.send(queue, "fits");
		Channel channel = client.channel();
		channel.confirmSelect();

		channel.basicPublish("", queue, null, "does not".getBytes(StandardCharsets.UTF_8));

		assertThat(channel.waitForConfirms(15_000)).as("acked").isFalse();
		assertThat(client.ready(queue)).isOne();
		assertThat(text(client.take(queue))).isEqualTo("fits");
	}

	@Test
	@DisplayName("`x-overflow` `reject-publish` drops silently without confirms, and the channel stays")
	void aFullQueueDropsWithoutConfirms(TestClient client) throws Exception {
		String queue = client.exclusiveQueue(Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
		client.send(queue, "fits");
		Channel channel = client.channel();

		channel.basicPublish("", queue, null, "does not".getBytes(StandardCharsets.UTF_8));

		assertThat(text(channel.basicGet(queue, true))).isEqualTo("fits");
		assertThat(channel.basicGet(queue, true)).isNull();
	}

	@Test
	@DisplayName("`x-overflow` `reject-publish` takes messages again when there is room")
	void aQueueWithRoomTakesMessagesAgain(TestClient client) throws Exception {
		String queue = client.exclusiveQueue(Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
		client.send(queue, "first");
		client.take(queue);

		client.send(queue, "second");

		assertThat(text(client.take(queue))).isEqualTo("second");
	}

	@Test
	@DisplayName("A message that one full queue rejects is nacked, and still in the others")
	void oneFullQueueNacksForAll(TestClient client) throws Exception {
		String full = client.exclusiveQueue(Map.of("x-max-length", 0, "x-overflow", "reject-publish"));
		String roomy = client.exclusiveQueue();
		String exchange = client.exchange("fanout");
		Channel channel = client.channel();
		channel.queueBind(full, exchange, "");
		channel.queueBind(roomy, exchange, "");
		channel.confirmSelect();

		channel.basicPublish(exchange, "", null, "half".getBytes(StandardCharsets.UTF_8));

		assertThat(channel.waitForConfirms(15_000)).as("acked").isFalse();
		assertThat(text(client.take(roomy))).isEqualTo("half");
	}

	@Test
	@DisplayName("`x-max-priority` delivers higher priorities first, and equal ones in order")
	void priorities(TestClient client) throws Exception {
		String queue = client.exclusiveQueue(Map.of("x-max-priority", 5));
		client.send("", queue, priority(1), "low");
		client.send("", queue, new BasicProperties(), "none");
		client.send("", queue, priority(5), "high");
		client.send("", queue, priority(5), "high too");
		client.send("", queue, priority(3), "middle");

		assertThat(Deliveries.from(client.channel(), queue).nextTexts(5)).containsExactly("high", "high too", "middle",
				"low", "none");
	}

	@Test
	@DisplayName("A priority above `x-max-priority` counts as the highest")
	void prioritiesAboveTheHighest(TestClient client) throws Exception {
		String queue = client.exclusiveQueue(Map.of("x-max-priority", 2));
		client.send("", queue, priority(2), "highest");
		client.send("", queue, priority(200), "above");
		client.send("", queue, priority(1), "lower");

		assertThat(Deliveries.from(client.channel(), queue).nextTexts(3)).containsExactly("highest", "above", "lower");
	}

	@Test
	@DisplayName("Without `x-max-priority` a message's priority does not matter")
	void prioritiesNeedTheArgument(TestClient client) throws Exception {
		String queue = client.exclusiveQueue();
		client.send("", queue, priority(1), "first");
		client.send("", queue, priority(9), "second");

		assertThat(Deliveries.from(client.channel(), queue).nextTexts(2)).containsExactly("first", "second");
	}

	@Test
	@DisplayName("A requeued message returns to its place among its priority")
	void requeuedPrioritiesKeepTheirPlace(TestClient client) throws Exception {
		String queue = client.exclusiveQueue(Map.of("x-max-priority", 2));
		client.send("", queue, priority(1), "low");
		client.send("", queue, priority(2), "high");
		client.send("", queue, priority(2), "high too");
		Channel channel = client.channel();
		long high = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();

		channel.basicReject(high, true);

		client.awaitReady(queue, 3);
		assertThat(Deliveries.from(channel, queue).nextTexts(3)).containsExactly("high", "high too", "low");
	}

	@Test
	@DisplayName("`x-queue-type` `classic` is the default said aloud")
	void classicMayBeSaid(TestClient client) throws Exception {
		String queue = client.queue(Map.of("x-queue-type", "classic"));

		assertThat(client.channel().queueDeclare(queue, false, false, false, null).getQueue()).isEqualTo(queue);
	}

	@Test
	@DisplayName("`x-queue-type` `quorum` makes a durable queue that works")
	void quorumQueuesWork(TestClient client) throws Exception {
		String queue = client.durableQueue(Map.of("x-queue-type", "quorum"));
		client.send(queue, "1", "2");
		Channel channel = client.channel();
		channel.basicQos(10);
		Deliveries deliveries = Deliveries.from(channel, queue);

		assertThat(deliveries.nextText()).isEqualTo("1");
		Delivery second = deliveries.next();
		channel.basicAck(tag(second), true);
		channel.close();
		client.send(queue, "sentinel");

		assertThat(text(client.await(queue))).isEqualTo("sentinel");
	}

	@Test
	@DisplayName("Redeclaring a classic queue as `quorum` is 406 PRECONDITION_FAILED")
	@Until(RabbitMqVersion.V3_10)
	void aQueueKeepsItsType(TestClient client) throws Exception {
		String queue = client.durableQueue(Map.of());
		Channel channel = client.channel();

		assertClosesChannel(channel, 406,
				"PRECONDITION_FAILED - inequivalent arg 'x-queue-type' for queue '" + queue
						+ "' in vhost '/': received the value 'quorum' of type 'longstr' but current is none",
				() -> channel.queueDeclare(queue, true, false, false, Map.of("x-queue-type", "quorum")));
	}

	@Test
	@DisplayName("Redeclaring a classic queue as `quorum` is 406 PRECONDITION_FAILED, and it has become `classic`")
	@From(RabbitMqVersion.V4_0)
	void aQueueGetsAndKeepsItsType(TestClient client) throws Exception {
		String queue = client.durableQueue(Map.of());
		Channel channel = client.channel();

		assertClosesChannel(channel, 406,
				"PRECONDITION_FAILED - inequivalent arg 'x-queue-type' for queue '" + queue
						+ "' in vhost '/': received 'quorum' but current is 'classic'",
				() -> channel.queueDeclare(queue, true, false, false, Map.of("x-queue-type", "quorum")));
	}

	@ParameterizedTest(quoteTextArguments = false, name = "A quorum queue that is {0} is 406 PRECONDITION_FAILED")
	@CsvSource(delimiter = '|', textBlock = """
			not durable | false | false | false | invalid property 'non-durable' for queue
			exclusive   | true  | true  | false | invalid property 'exclusive-owner' for queue
			auto-delete | true  | false | true  | invalid property 'auto-delete' for queue
			""")
	void quorumQueuesAreDurableAndShared(String kind, boolean durable, boolean exclusive, boolean autoDelete,
			String text, TestClient client) throws Exception {
		String queue = unique("quorum");
		Channel channel = client.channel();

		assertClosesChannel(channel, 406, "PRECONDITION_FAILED - " + text + " '" + queue + "' in vhost '/'",
				() -> channel.queueDeclare(queue, durable, exclusive, autoDelete, Map.of("x-queue-type", "quorum")));
	}

	@Test
	@DisplayName("A quorum queue counts deliveries in the header `x-delivery-count`")
	void quorumQueuesCountDeliveries(TestClient client) throws Exception {
		String queue = client.durableQueue(Map.of("x-queue-type", "quorum"));
		client.send(queue, "again");
		Channel channel = client.channel();
		channel.basicQos(1);
		Deliveries deliveries = Deliveries.from(channel, queue);

		channel.basicReject(tag(deliveries.next()), true);
		Delivery second = deliveries.next();
		channel.basicReject(tag(second), true);
		Delivery third = deliveries.next();

		assertThat(second.getProperties().getHeaders()).containsEntry("x-delivery-count", 1L);
		assertThat(second.getEnvelope().isRedeliver()).isTrue();
		assertThat(third.getProperties().getHeaders()).containsEntry("x-delivery-count", 2L);
	}

	@Test
	@DisplayName("`x-delivery-limit` drops a message that was requeued more often")
	@Until(RabbitMqVersion.V4_0)
	void theDeliveryLimitDrops(TestClient client) throws Exception {
		String queue = client.durableQueue(Map.of("x-queue-type", "quorum", "x-delivery-limit", 2));
		client.send(queue, "poison", "sentinel");
		Channel channel = client.channel();
		channel.basicQos(1);
		Deliveries deliveries = Deliveries.from(channel, queue);

		int poisons = 0;
		Delivery delivery = deliveries.next();
		while (text(delivery).equals("poison")) {
			poisons++;
			channel.basicNack(tag(delivery), false, true);
			delivery = deliveries.next();
		}

		assertThat(poisons).as("deliveries: the first and two more").isEqualTo(3);
		assertThat(text(delivery)).isEqualTo("sentinel");
	}

	@Test
	@DisplayName("A nack with `requeue` does not count for `x-delivery-limit`, and `x-acquired-count` tells of it")
	@From(RabbitMqVersion.V4_3)
	void nacksDoNotCount(TestClient client) throws Exception {
		String queue = client.durableQueue(Map.of("x-queue-type", "quorum", "x-delivery-limit", 2));
		client.send(queue, "again and again");
		Channel channel = client.channel();
		Deliveries deliveries = Deliveries.from(channel, queue);

		for (long i = 1; i <= 6; i++) {
			channel.basicNack(tag(deliveries.next()), false, true);
		}

		assertThat(deliveries.next().getProperties().getHeaders()).containsEntry("x-acquired-count", 6L)
			.doesNotContainKey("x-delivery-count");
	}

	@Test
	@DisplayName("`x-delivery-limit` drops a message that was rejected with `requeue` more often")
	void theDeliveryLimitDropsWhatIsRejected(TestClient client) throws Exception {
		String queue = client.durableQueue(Map.of("x-queue-type", "quorum", "x-delivery-limit", 2));
		client.send(queue, "poison", "sentinel");
		Channel channel = client.channel();
		channel.basicQos(1);
		Deliveries deliveries = Deliveries.from(channel, queue);

		for (int i = 0; i < 3; i++) {
			Delivery delivery = deliveries.next();
			assertThat(text(delivery)).isEqualTo("poison");
			channel.basicReject(tag(delivery), true);
		}

		assertThat(text(deliveries.next())).isEqualTo("sentinel");
	}

	@Test
	@DisplayName("A quorum queue without `x-delivery-limit` delivers a message 21 times")
	@From(RabbitMqVersion.V4_0)
	void theDefaultDeliveryLimit(TestClient client) throws Exception {
		String letters = client.exclusiveQueue();
		rejectAgainAndAgain(client, 21, letters);

		assertThat(text(client.await(letters))).isEqualTo("poison");
	}

	@Test
	@DisplayName("A quorum queue without `x-delivery-limit` delivers a message as often as it comes back")
	@Until(RabbitMqVersion.V3_10)
	void noDefaultDeliveryLimit(TestClient client) throws Exception {
		assertThat(rejectAgainAndAgain(client, 30, client.exclusiveQueue()).nextText()).isEqualTo("poison");
	}

	private static Deliveries rejectAgainAndAgain(TestClient client, int times, String letters) throws Exception {
		String queue = client.durableQueue(
				Map.of("x-queue-type", "quorum", "x-dead-letter-exchange", "", "x-dead-letter-routing-key", letters));
		client.send(queue, "poison");
		Channel channel = client.channel();
		Deliveries deliveries = Deliveries.from(channel, queue);
		for (int i = 0; i < times; i++) {
			channel.basicReject(tag(deliveries.next()), true);
		}
		return deliveries;
	}

	@Test
	@DisplayName("A quorum queue has 32 priorities, and a message without one has 4")
	@From(RabbitMqVersion.V4_3)
	void prioritiesOfQuorumQueues(TestClient client) throws Exception {
		assertThat(inOrderOfPriority(client)).containsExactly("31", "200", "10", "5", "none", "4", "3", "0");
	}

	@Test
	@DisplayName("A quorum queue has no priorities")
	@Until(RabbitMqVersion.V3_10)
	void noPrioritiesOfQuorumQueues(TestClient client) throws Exception {
		assertThat(inOrderOfPriority(client)).containsExactly("none", "0", "3", "4", "5", "10", "31", "200");
	}

	@Test
	@DisplayName("A quorum queue delivers two messages with a priority above 4 and one other in turn")
	@From(RabbitMqVersion.V4_0)
	@Until(RabbitMqVersion.V4_0)
	void twoPrioritiesOfQuorumQueues(TestClient client) throws Exception {
		assertThat(inOrderOfPriority(client)).containsExactly("5", "10", "none", "31", "200", "0", "3", "4");
	}

	private static List<String> inOrderOfPriority(TestClient client) throws Exception {
		String queue = client.durableQueue(Map.of("x-queue-type", "quorum"));
		client.send("", queue, new BasicProperties(), "none");
		for (int priority : new int[] { 0, 3, 4, 5, 10, 31, 200 }) {
			client.send("", queue, new BasicProperties.Builder().priority(priority).build(), "" + priority);
		}
		client.awaitReady(queue, 8);
		List<String> received = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			received.add(text(client.take(queue)));
		}
		return received;
	}

	@ParameterizedTest(quoteTextArguments = false, name = "`{0}` {1} is 406 PRECONDITION_FAILED")
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			x-message-ttl          | -1    | {value_negative,-1}
			x-message-ttl          | text  | "expected integer, got longstr"
			x-expires              | 0     | {value_zero,0}
			x-expires              | -1    | {value_negative,-1}
			x-expires              | text  | "expected integer, got longstr"
			x-max-length           | -1    | {value_negative,-1}
			x-max-length           | text  | "expected integer, got longstr"
			x-max-length-bytes     | -1    | {value_negative,-1}
			x-max-priority         | 256   | {max_value_exceeded,256}
			x-max-priority         | -1    | {value_negative,-1}
			x-overflow             | text  | invalid_overflow
			x-single-active-consumer | text  | {unacceptable_type,longstr}
			""")
	void badArgumentValues(String argument, String value, String reason, TestClient client) throws Exception {
		String queue = unique("bad");
		Channel channel = client.channel();
		Object given = value.matches("-?\\d+") ? (Object) Integer.valueOf(value) : value;

		assertClosesChannel(
				channel, 406, "PRECONDITION_FAILED - invalid arg '" + argument + "' for queue '" + queue
						+ "' in vhost '/': " + reason,
				() -> channel.queueDeclare(queue, false, true, false, Map.of(argument, given)));
	}

	@Test
	@DisplayName("`x-queue-mode` text is 406 PRECONDITION_FAILED")
	@Until(RabbitMqVersion.V4_0)
	void unknownQueueModes(TestClient client) throws Exception {
		badArgumentValues("x-queue-mode", "text", "\"unsupported queue mode 'text'\"", client);
	}

	@Test
	@DisplayName("`x-queue-mode` means nothing to a classic queue, whatever it is")
	@From(RabbitMqVersion.V4_3)
	void queueModesMeanNothing(TestClient client) throws Exception {
		assertThat(client.exclusiveQueue(Map.of("x-queue-mode", "text"))).isNotEmpty();
		assertThat(client.exclusiveQueue(Map.of("x-queue-mode", 7))).isNotEmpty();
	}

	@Test
	@DisplayName("`x-queue-master-locator` on a classic queue is accepted")
	@Until(RabbitMqVersion.V4_0)
	void masterLocatorsAreAccepted(TestClient client) throws Exception {
		assertThat(client.exclusiveQueue(Map.of("x-queue-master-locator", "min-masters"))).isNotEmpty();
	}

	@Test
	@DisplayName("`x-queue-master-locator` on a classic queue is 541 INTERNAL_ERROR and closes the connection")
	@From(RabbitMqVersion.V4_3)
	void masterLocatorsAreRefused(TestClient client) throws Exception {
		Channel channel = client.channel();

		assertClosesConnectionMatching(client.connection(), 541,
				"INTERNAL_ERROR - Feature `queue_master_locator` is deprecated\\.(.|\n)*", () -> channel
					.queueDeclare(unique("bad"), false, true, false, Map.of("x-queue-master-locator", "min-masters")));
	}

	@ParameterizedTest(quoteTextArguments = false, name = "`{0}` on a {1} queue is an argument that nobody knows")
	@MethodSource("argumentsOf43")
	@Until(RabbitMqVersion.V4_0)
	void argumentsOfLaterVersions(String argument, String type, TestClient client) throws Exception {
		assertThat(client.durableQueue(Map.of("x-queue-type", type, argument, 60_000))).isNotEmpty();
	}

	@ParameterizedTest(quoteTextArguments = false, name = "`{0}` on a {1} queue is 406 PRECONDITION_FAILED")
	@MethodSource("argumentsOf43")
	@From(RabbitMqVersion.V4_3)
	void argumentsForOtherTypes(String argument, String type, TestClient client) throws Exception {
		String queue = unique("bad");
		Channel channel = client.channel();

		assertClosesChannel(channel, 406,
				"PRECONDITION_FAILED - invalid arg '" + argument + "' for queue '" + queue
						+ "' in vhost '/' of queue type rabbit_" + type + "_queue",
				() -> channel.queueDeclare(queue, true, false, false, Map.of("x-queue-type", type, argument, 60_000)));
	}

	static Stream<Arguments> argumentsOf43() {
		return Stream.of(arguments("x-consumer-timeout", "classic"),
				arguments("x-consumer-disconnected-timeout", "classic"),
				arguments("x-stream-filter-size-bytes", "classic"), arguments("x-stream-filter-size-bytes", "quorum"));
	}

	@ParameterizedTest(quoteTextArguments = false, name = "`{0}` on a quorum queue is accepted")
	@ValueSource(strings = { "x-consumer-timeout", "x-consumer-disconnected-timeout" })
	void consumerTimeoutsOfQuorumQueues(String argument, TestClient client) throws Exception {
		assertThat(client.durableQueue(Map.of("x-queue-type", "quorum", argument, 60_000))).isNotEmpty();
	}

	@Test
	@DisplayName("`x-queue-leader-locator` on a classic queue is 406 PRECONDITION_FAILED")
	@Until(RabbitMqVersion.V3_10)
	void classicQueuesAreNotPlaced(TestClient client) throws Exception {
		argumentsOfOtherQueuesOnAClassicOne("x-queue-leader-locator", client);
	}

	@Test
	@DisplayName("`x-queue-leader-locator` on a classic queue is accepted")
	@From(RabbitMqVersion.V4_0)
	void classicQueuesArePlaced(TestClient client) throws Exception {
		assertThat(client.exclusiveQueue(Map.of("x-queue-leader-locator", "balanced"))).isNotEmpty();
	}

	@Test
	@DisplayName("An unknown `x-queue-type` is 406 PRECONDITION_FAILED")
	void unknownQueueTypes(TestClient client) throws Exception {
		String queue = unique("bad");
		Channel channel = client.channel();

		assertClosesChannel(channel, 406,
				"PRECONDITION_FAILED - invalid arg 'x-queue-type' for queue '" + queue
						+ "' in vhost '/': \"unsupported queue type 'nonsense'\"",
				() -> channel.queueDeclare(queue, true, false, false, Map.of("x-queue-type", "nonsense")));
	}

	@Test
	@DisplayName("`x-dead-letter-exchange` that is not a text is 406 PRECONDITION_FAILED")
	void aDeadLetterExchangeIsAName(TestClient client) throws Exception {
		String queue = unique("bad");
		Channel channel = client.channel();

		assertClosesChannel(channel, 406,
				"PRECONDITION_FAILED - invalid type 'signedint' for arg 'x-dead-letter-exchange' in queue '" + queue
						+ "' in vhost '/'",
				() -> channel.queueDeclare(queue, false, true, false, Map.of("x-dead-letter-exchange", 1)));
	}

	@Test
	@DisplayName("`x-dead-letter-routing-key` without `x-dead-letter-exchange` is 406 PRECONDITION_FAILED")
	void aDeadLetterKeyNeedsItsExchange(TestClient client) throws Exception {
		String queue = unique("bad");
		Channel channel = client.channel();

		assertClosesChannel(channel, 406,
				"PRECONDITION_FAILED - invalid arg 'x-dead-letter-routing-key' for queue '" + queue
						+ "' in vhost '/': routing_key_but_no_dlx_defined",
				() -> channel.queueDeclare(queue, false, true, false, Map.of("x-dead-letter-routing-key", "key")));
	}

	@ParameterizedTest(quoteTextArguments = false, name = "`x-queue-mode` `{0}` is accepted")
	@ValueSource(strings = { "default", "lazy" })
	void queueModesAreAccepted(String mode, TestClient client) throws Exception {
		String queue = client.exclusiveQueue(Map.of("x-queue-mode", mode));

		client.send("", queue, MessageProperties.PERSISTENT_BASIC, "kept");

		assertThat(text(client.take(queue))).isEqualTo("kept");
	}

	@ParameterizedTest(quoteTextArguments = false, name = "`{0}` on a classic queue is 406 PRECONDITION_FAILED")
	@ValueSource(strings = { "x-delivery-limit", "x-dead-letter-strategy", "x-quorum-initial-group-size", "x-max-age",
			"x-stream-max-segment-size-bytes", "x-initial-cluster-size" })
	void argumentsOfOtherQueuesOnAClassicOne(String argument, TestClient client) throws Exception {
		Object value = switch (argument) {
			case "x-dead-letter-strategy" -> "at-least-once";
			case "x-queue-leader-locator" -> "balanced";
			case "x-max-age" -> "1h";
			default -> 5;
		};
		String queue = unique("bad");
		Channel channel = client.channel();

		assertClosesChannel(channel, 406,
				"PRECONDITION_FAILED - invalid arg '" + argument + "' for queue '" + queue
						+ "' in vhost '/' of queue type rabbit_classic_queue",
				() -> channel.queueDeclare(queue, false, true, false, Map.of(argument, value)));
	}

	@ParameterizedTest(quoteTextArguments = false, name = "`{0}` on a quorum queue is 406 PRECONDITION_FAILED")
	@ValueSource(strings = { "x-queue-mode", "x-max-priority", "x-max-age", "x-stream-max-segment-size-bytes",
			"x-initial-cluster-size", "x-queue-master-locator" })
	void argumentsOfOtherQueuesOnAQuorumQueue(String argument, TestClient client) throws Exception {
		Object value = switch (argument) {
			case "x-queue-mode" -> "lazy";
			case "x-queue-master-locator" -> "client-local";
			case "x-max-age" -> "1h";
			default -> 5;
		};
		String queue = unique("bad");
		Channel channel = client.channel();

		assertClosesChannel(channel, 406,
				"PRECONDITION_FAILED - invalid arg '" + argument + "' for queue '" + queue
						+ "' in vhost '/' of queue type rabbit_quorum_queue",
				() -> channel.queueDeclare(queue, true, false, false,
						Map.of("x-queue-type", "quorum", argument, value)));
	}

	@Test
	@DisplayName("`x-queue-leader-locator` that does not exist is 406 PRECONDITION_FAILED on a quorum queue")
	void leaderLocatorsAreKnown(TestClient client) throws Exception {
		String queue = unique("bad");
		Channel channel = client.channel();

		assertClosesChannelMatching(channel, 406, "PRECONDITION_FAILED - invalid arg 'x-queue-leader-locator' for .*",
				() -> channel.queueDeclare(queue, true, false, false,
						Map.of("x-queue-type", "quorum", "x-queue-leader-locator", "nonsense")));
	}

	@ParameterizedTest(quoteTextArguments = false, name = "A quorum queue may have `{0}` {1}")
	@CsvSource({ "x-overflow,reject-publish-dlx", "x-delivery-limit,-1", "x-queue-leader-locator,balanced",
			"x-dead-letter-strategy,at-least-once", "x-quorum-initial-group-size,1" })
	void argumentsOfQuorumQueues(String argument, String value, TestClient client) throws Exception {
		Object given = value.matches("-?\\d+") ? (Object) Integer.valueOf(value) : value;

		String queue = client.durableQueue(Map.of("x-queue-type", "quorum", argument, given));

		client.send(queue, "works");
		assertThat(TestClient.text(client.await(queue))).isEqualTo("works");
	}

	@ParameterizedTest(quoteTextArguments = false, name = "A message behind one that was taken expires in a {0} queue")
	@ValueSource(strings = { "classic", "quorum" })
	void whatIsBehindATakenMessageExpires(String type, TestClient client) throws Exception {
		String queue = client.durableQueue(Map.of("x-queue-type", type));
		client.send(queue, "head");
		client.send("", queue, expiring("1"), "expires");
		String clock = client.exclusiveQueue(Map.of("x-message-ttl", 100));
		client.send(clock, "tick");
		client.awaitReady(clock, 0);

		assertThat(TestClient.text(client.await(queue))).isEqualTo("head");

		client.awaitReady(queue, 0);
	}

}
