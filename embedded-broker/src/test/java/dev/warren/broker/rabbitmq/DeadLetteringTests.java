package dev.warren.broker.rabbitmq;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.impl.LongStringHelper;
import dev.warren.broker.RabbitMqVersion;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.warren.broker.rabbitmq.Deliveries.tag;
import static dev.warren.broker.rabbitmq.TestClient.text;
import static dev.warren.broker.rabbitmq.TestClient.unique;
import static org.assertj.core.api.Assertions.assertThat;

@CompatibilityTests
@DisplayName("Dead-lettering")
class DeadLetteringTests {

	/**
	 * Arguments of a queue whose dead letters go to another, by the default exchange.
	 */
	private static Map<String, Object> to(String deadLetters, Object... more) {
		Map<String, Object> arguments = new HashMap<>();
		arguments.put("x-dead-letter-exchange", "");
		arguments.put("x-dead-letter-routing-key", deadLetters);
		for (int i = 0; i < more.length; i += 2) {
			arguments.put((String) more[i], more[i + 1]);
		}
		return arguments;
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> deaths(GetResponse response) {
		assertThat(response.getProps().getHeaders()).containsKey("x-death");
		return (List<Map<String, Object>>) response.getProps().getHeaders().getOrDefault("x-death", List.of());
	}

	private static String string(Map<String, Object> death, String key) {
		return String.valueOf(death.get(key));
	}

	private static void reject(TestClient client, String queue) throws Exception {
		try (Channel channel = client.channel()) {
			GetResponse response = channel.basicGet(queue, false);
			assertThat(response).as("a message to reject in %s", queue).isNotNull();
			channel.basicReject(response.getEnvelope().getDeliveryTag(), false);
		}
	}

	@Test
	@DisplayName("A rejected message goes to `x-dead-letter-exchange` with its own routing key")
	void rejectedMessagesAreDeadLettered(TestClient client) throws Exception {
		String exchange = client.exchange("direct");
		String queue = client.exclusiveQueue(Map.of("x-dead-letter-exchange", exchange));
		String letters = client.exclusiveQueue();
		client.channel().queueBind(letters, exchange, queue);
		client.send(queue, "rejected");

		reject(client, queue);

		GetResponse letter = client.await(letters);
		assertThat(text(letter)).isEqualTo("rejected");
		assertThat(letter.getEnvelope().getExchange()).isEqualTo(exchange);
		assertThat(letter.getEnvelope().getRoutingKey()).isEqualTo(queue);
	}

	@Test
	@DisplayName("A dead letter is not redelivered, whoever had it before it died")
	@Until(RabbitMqVersion.V4_0)
	void deadLettersAreNotRedelivered(TestClient client) throws Exception {
		assertThat(rejectedLetter(client).getEnvelope().isRedeliver()).isFalse();
	}

	@Test
	@DisplayName("A dead letter is redelivered if somebody failed with it before: rejected it, or lost the channel")
	@From(RabbitMqVersion.V4_3)
	void deadLettersAreRedelivered(TestClient client) throws Exception {
		assertThat(rejectedLetter(client).getEnvelope().isRedeliver()).isTrue();
		assertThat(letter(client, Failure.LOSE).getEnvelope().isRedeliver()).isTrue();
		assertThat(letter(client, Failure.REJECT).getEnvelope().isRedeliver()).isTrue();
	}

	@Test
	@DisplayName("A dead letter that was only nacked is not redelivered")
	void nackedDeadLettersAreNotRedelivered(TestClient client) throws Exception {
		assertThat(letter(client, Failure.NACK).getEnvelope().isRedeliver()).isFalse();
	}

	private enum Failure {

		NACK, REJECT, LOSE

	}

	/**
	 * Gives a message back in that way, and nacks it for good.
	 */
	private static GetResponse letter(TestClient client, Failure failure) throws Exception {
		String letters = client.exclusiveQueue();
		String queue = client.exclusiveQueue(to(letters));
		client.send(queue, "message");
		Channel channel = client.connection().createChannel();
		long tag = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();
		switch (failure) {
			case NACK -> channel.basicNack(tag, false, true);
			case REJECT -> channel.basicReject(tag, true);
			case LOSE -> channel.close();
		}
		Channel another = client.channel();
		GetResponse again = Awaitility.await()
			.until(() -> another.basicGet(queue, false), (response) -> response != null);
		another.basicNack(again.getEnvelope().getDeliveryTag(), false, false);
		return client.await(letters);
	}

	private static GetResponse rejectedLetter(TestClient client) throws Exception {
		String letters = client.exclusiveQueue();
		String queue = client.exclusiveQueue(to(letters));
		client.send(queue, "rejected");
		reject(client, queue);
		return client.await(letters);
	}

	@Test
	@DisplayName("A nacked message goes to `x-dead-letter-exchange` with `x-dead-letter-routing-key`")
	void nackedMessagesAreDeadLettered(TestClient client) throws Exception {
		String letters = client.exclusiveQueue();
		String queue = client.exclusiveQueue(to(letters));
		client.send(queue, "1", "2");
		Channel channel = client.channel();
		channel.basicGet(queue, false);
		long second = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();

		channel.basicNack(second, true, false);

		assertThat(text(client.await(letters))).isEqualTo("1");
		assertThat(text(client.await(letters))).isEqualTo("2");
	}

	@Test
	@DisplayName("`x-death` tells count, reason, queue, exchange, routing keys and time")
	void theHeaderTellsWhatHappened(TestClient client) throws Exception {
		String letters = client.exclusiveQueue();
		String queue = client.exclusiveQueue(to(letters));
		client.channel().queueBind(queue, "amq.direct", queue);
		Date before = new Date();
		client.send("amq.direct", queue, new BasicProperties.Builder().headers(Map.of("own", "kept")).build(), "x");

		reject(client, queue);

		GetResponse letter = client.await(letters);
		assertThat(letter.getProps().getHeaders().get("own")).hasToString("kept");
		List<Map<String, Object>> deaths = deaths(letter);
		assertThat(deaths).hasSize(1);
		Map<String, Object> death = deaths.get(0);
		assertThat(death).containsOnlyKeys("count", "reason", "queue", "exchange", "routing-keys", "time");
		assertThat(death).containsEntry("count", 1L);
		assertThat(string(death, "reason")).isEqualTo("rejected");
		assertThat(string(death, "queue")).isEqualTo(queue);
		assertThat(string(death, "exchange")).isEqualTo("amq.direct");
		assertThat(death.get("routing-keys")).asString().isEqualTo("[" + queue + "]");
		assertThat((Date) death.get("time")).isBetween(new Date(before.getTime() - 2000),
				new Date(System.currentTimeMillis() + 2000));
	}

	@Test
	@DisplayName("`x-first-death-*` tells where and why it died first")
	void theFirstDeathIsKept(TestClient client) throws Exception {
		String last = client.exclusiveQueue();
		String second = client.exclusiveQueue(to(last));
		String first = client.exclusiveQueue(to(second, "x-message-ttl", 50));
		client.channel().queueBind(first, "amq.direct", first);
		client.send("amq.direct", first, new BasicProperties(), "dies twice");
		client.awaitReady(second, 1);

		reject(client, second);

		Map<String, Object> headers = client.await(last).getProps().getHeaders();
		assertThat(headers.get("x-first-death-reason")).hasToString("expired");
		assertThat(headers.get("x-first-death-queue")).hasToString(first);
		assertThat(headers.get("x-first-death-exchange")).hasToString("amq.direct");
	}

	@Test
	@DisplayName("`x-death` has the latest death first")
	void theLatestDeathComesFirst(TestClient client) throws Exception {
		String last = client.exclusiveQueue();
		String second = client.exclusiveQueue(to(last));
		String first = client.exclusiveQueue(to(second, "x-message-ttl", 50));
		client.send(first, "dies twice");
		client.awaitReady(second, 1);

		reject(client, second);

		List<Map<String, Object>> deaths = deaths(client.await(last));
		assertThat(deaths).extracting((death) -> string(death, "queue")).containsExactly(second, first);
		assertThat(deaths).extracting((death) -> string(death, "reason")).containsExactly("rejected", "expired");
		assertThat(string(deaths.get(0), "exchange")).isEmpty();
		assertThat(deaths.get(0).get("routing-keys")).asString().isEqualTo("[" + second + "]");
	}

	@Test
	@DisplayName("`x-death` counts the deaths of the same reason in the same queue")
	@Until(RabbitMqVersion.V3_10)
	void repeatedDeathsAreCounted(TestClient client) throws Exception {
		String letters = client.exclusiveQueue();
		String queue = client.exclusiveQueue(to(letters));
		client.send(queue, "again and again");

		reject(client, queue);
		for (int i = 0; i < 2; i++) {
			GetResponse letter = client.await(letters);
			client.send("", queue, letter.getProps(), text(letter));
			reject(client, queue);
		}

		List<Map<String, Object>> deaths = deaths(client.await(letters));
		assertThat(deaths).hasSize(1);
		assertThat(deaths.get(0)).containsEntry("count", 3L);
	}

	@Test
	@DisplayName("`x-death` of a message that a client published again begins anew, whatever came in it")
	@From(RabbitMqVersion.V4_0)
	void clientsCannotWriteDeaths(TestClient client) throws Exception {
		String letters = client.exclusiveQueue();
		String queue = client.exclusiveQueue(to(letters));
		client.send(queue, "again");
		reject(client, queue);
		GetResponse letter = client.await(letters);
		client.send("", queue, letter.getProps(), text(letter));

		reject(client, queue);

		List<Map<String, Object>> deaths = deaths(client.await(letters));
		assertThat(deaths).hasSize(1);
		assertThat(deaths.get(0)).containsEntry("count", 1L);
	}

	@Test
	@DisplayName("`x-death` counts the deaths of a message that only the broker moved")
	void deathsInACycleAreCounted(TestClient client) throws Exception {
		String first = unique("cycle");
		String second = client.exclusiveQueue(to(first, "x-message-ttl", 50));
		client.channel().queueDeclare(first, false, true, true, to(second));
		client.send(first, "round");

		reject(client, first);
		client.awaitReady(first, 1);
		reject(client, first);

		List<Map<String, Object>> deaths = deaths(client.await(first));
		assertThat(deaths).extracting((death) -> string(death, "reason")).containsExactly("expired", "rejected");
		assertThat(deaths).extracting((death) -> string(death, "count")).containsExactly("2", "2");
	}

	@Test
	@DisplayName("A message that expires by `x-message-ttl` dies with the reason `expired`")
	void expiredMessagesAreDeadLettered(TestClient client) throws Exception {
		String letters = client.exclusiveQueue();
		String queue = client.exclusiveQueue(to(letters, "x-message-ttl", 50));

		client.send(queue, "1", "2");

		GetResponse letter = client.await(letters);
		assertThat(text(letter)).isEqualTo("1");
		assertThat(string(deaths(letter).get(0), "reason")).isEqualTo("expired");
		assertThat(text(client.await(letters))).isEqualTo("2");
	}

	@Test
	@DisplayName("`expiration` is taken off an expired message and kept as `original-expiration`")
	void theExpirationIsTakenOff(TestClient client) throws Exception {
		String letters = client.exclusiveQueue();
		String queue = client.exclusiveQueue(to(letters));

		client.send("", queue, new BasicProperties.Builder().expiration("50").build(), "expires");

		GetResponse letter = client.await(letters);
		assertThat(letter.getProps().getExpiration()).isNull();
		assertThat(string(deaths(letter).get(0), "original-expiration")).isEqualTo("50");
	}

	@Test
	@DisplayName("A message that `x-max-length` drops dies with the reason `maxlen`")
	void droppedHeadsAreDeadLettered(TestClient client) throws Exception {
		String letters = client.exclusiveQueue();
		String queue = client.exclusiveQueue(to(letters, "x-max-length", 1));

		client.send(queue, "dropped", "kept");

		GetResponse letter = client.await(letters);
		assertThat(text(letter)).isEqualTo("dropped");
		assertThat(string(deaths(letter).get(0), "reason")).isEqualTo("maxlen");
	}

	@Test
	@DisplayName("`x-overflow` `reject-publish-dlx` nacks and dead-letters")
	void rejectedPublishingsAreDeadLettered(TestClient client) throws Exception {
		String letters = client.exclusiveQueue();
		String queue = client.exclusiveQueue(to(letters, "x-max-length", 1, "x-overflow", "reject-publish-dlx"));
		client.send(queue, "fits");
		Channel channel = client.channel();
		channel.confirmSelect();

		channel.basicPublish("", queue, null, "does not".getBytes(StandardCharsets.UTF_8));

		assertThat(channel.waitForConfirms(15_000)).as("acked").isFalse();
		GetResponse letter = client.await(letters);
		assertThat(text(letter)).isEqualTo("does not");
		assertThat(string(deaths(letter).get(0), "reason")).isEqualTo("maxlen");
	}

	@Test
	@DisplayName("A message over `x-delivery-limit` dies with the reason `delivery_limit`")
	void messagesOverTheDeliveryLimitAreDeadLettered(TestClient client) throws Exception {
		String letters = client.exclusiveQueue();
		String queue = client.durableQueue(to(letters, "x-queue-type", "quorum", "x-delivery-limit", 1));
		client.send(queue, "poison");
		Channel channel = client.channel();
		Deliveries deliveries = Deliveries.from(channel, queue);

		channel.basicReject(tag(deliveries.next()), true);
		channel.basicReject(tag(deliveries.next()), true);

		GetResponse letter = client.await(letters);
		assertThat(text(letter)).isEqualTo("poison");
		assertThat(string(deaths(letter).get(0), "reason")).isEqualTo("delivery_limit");
		assertThat(string(deaths(letter).get(0), "queue")).isEqualTo(queue);
	}

	@Test
	@DisplayName("Acknowledged and purged messages are not dead-lettered")
	void acknowledgedAndPurgedMessagesAreNotDeadLettered(TestClient client) throws Exception {
		String letters = client.exclusiveQueue();
		String queue = client.exclusiveQueue(to(letters));
		client.send(queue, "acked", "purged");
		Channel channel = client.channel();
		channel.basicAck(channel.basicGet(queue, false).getEnvelope().getDeliveryTag(), false);
		channel.queuePurge(queue);

		client.send(queue, "sentinel");
		reject(client, queue);

		assertThat(text(client.await(letters))).isEqualTo("sentinel");
		assertThat(client.ready(letters)).isZero();
	}

	@Test
	@DisplayName("Deleting a queue does not dead-letter")
	void deletingAQueueDoesNotDeadLetter(TestClient client) throws Exception {
		String letters = client.exclusiveQueue();
		String queue = client.queue(to(letters));
		client.send(queue, "gone with its queue");
		Channel channel = client.channel();

		channel.queueDelete(queue);
		channel.queueDeclare(queue, false, false, false, to(letters));
		client.send(queue, "sentinel");
		reject(client, queue);

		assertThat(text(client.await(letters))).isEqualTo("sentinel");
		assertThat(client.ready(letters)).isZero();
	}

	@Test
	@DisplayName("A missing `x-dead-letter-exchange` may be declared later; until then dead letters are dropped")
	void theExchangeMayBeMissing(TestClient client) throws Exception {
		String exchange = unique("later");
		String queue = client.exclusiveQueue(Map.of("x-dead-letter-exchange", exchange));
		client.send(queue, "too early", "in time");
		reject(client, queue);
		Channel channel = client.channel();
		channel.exchangeDeclare(exchange, "fanout", false, true, null);
		String letters = client.exclusiveQueue();
		channel.queueBind(letters, exchange, "");

		reject(client, queue);

		assertThat(text(client.await(letters))).isEqualTo("in time");
		assertThat(client.ready(letters)).isZero();
	}

	@Test
	@DisplayName("A cycle of expiring messages, with nobody rejecting, is cut")
	void cyclesAreCut(TestClient client) throws Exception {
		String cycle = unique("cycle");
		client.channel().queueDeclare(cycle, false, true, false, to(cycle, "x-message-ttl", 20));
		client.send(cycle, "goes round");

		client.awaitReady(cycle, 0);
	}

	@Test
	@DisplayName("A cycle with a rejection in it is not cut")
	void cyclesWithARejectionGoOn(TestClient client) throws Exception {
		String waiting = unique("waiting");
		String work = client.exclusiveQueue(to(waiting));
		client.channel().queueDeclare(waiting, false, true, false, to(work, "x-message-ttl", 20));
		Channel channel = client.channel();
		Deliveries deliveries = Deliveries.from(channel, work);
		client.send(work, "retried");

		for (int i = 0; i < 3; i++) {
			channel.basicReject(tag(deliveries.next()), false);
		}

		Delivery fourth = deliveries.next();
		@SuppressWarnings("unchecked")
		List<Map<String, Object>> deaths = (List<Map<String, Object>>) fourth.getProperties()
			.getHeaders()
			.get("x-death");
		assertThat(deaths).extracting((death) -> string(death, "reason") + " " + death.get("count"))
			.containsExactly("expired 3", "rejected 3");
	}

	@Test
	@DisplayName("Dead letters go to the `CC` keys too, unless `x-dead-letter-routing-key` replaces them")
	void carbonCopiesOfDeadLetters(TestClient client) throws Exception {
		String exchange = client.exchange("direct");
		String own = client.exclusiveQueue(Map.of("x-dead-letter-exchange", exchange));
		String replaced = client
			.exclusiveQueue(Map.of("x-dead-letter-exchange", exchange, "x-dead-letter-routing-key", "replaced"));
		String copies = client.exclusiveQueue();
		String replacements = client.exclusiveQueue();
		Channel channel = client.channel();
		channel.queueBind(copies, exchange, "copy");
		channel.queueBind(replacements, exchange, "replaced");
		BasicProperties cc = new BasicProperties.Builder().headers(Map.of("CC", List.of("copy"))).build();
		client.send("", own, cc, "copied");
		client.send("", replaced, cc, "not copied");

		reject(client, replaced);
		GetResponse replacement = client.await(replacements);
		reject(client, own);
		GetResponse copy = client.await(copies);

		assertThat(text(copy)).isEqualTo("copied");
		assertThat(deaths(copy).get(0).get("routing-keys")).asString().isEqualTo("[" + own + ", copy]");
		boolean keepsCc = BrokerUnderTest.version() != RabbitMqVersion.V3_10;
		assertThat(replacement.getProps().getHeaders().containsKey("CC")).isEqualTo(keepsCc);
		assertThat(client.ready(copies)).isZero();
	}

	@Test
	@DisplayName("A dead letter keeps its properties, and is persistent if it was")
	void deadLettersKeepTheirProperties(TestClient client) throws Exception {
		String letters = client.exclusiveQueue();
		String queue = client.exclusiveQueue(to(letters));
		client.send("", queue, new BasicProperties.Builder().messageId("m1").deliveryMode(2).correlationId("c").build(),
				"kept");

		reject(client, queue);

		BasicProperties properties = client.await(letters).getProps();
		assertThat(properties.getMessageId()).isEqualTo("m1");
		assertThat(properties.getCorrelationId()).isEqualTo("c");
		assertThat(properties.getDeliveryMode()).isEqualTo(2);
	}

	@Test
	@DisplayName("Headers that are binary strings are dead-lettered as they are")
	void binaryStringsStayBinary(TestClient client) throws Exception {
		String letters = client.exclusiveQueue();
		String queue = client.exclusiveQueue(to(letters));
		byte[] binary = { (byte) 0xff, (byte) 0xfe, 0, (byte) 0x80 };
		client.send("", queue, new BasicProperties.Builder().headers(Map.of("binary",
				LongStringHelper.asLongString(binary), "list", List.of(LongStringHelper.asLongString(binary))))
			.build(), "x");

		reject(client, queue);

		Map<String, Object> headers = client.await(letters).getProps().getHeaders();
		assertThat(headers.get("binary")).isEqualTo(LongStringHelper.asLongString(binary));
		assertThat(headers.get("list")).isEqualTo(List.of(LongStringHelper.asLongString(binary)));
	}

	@Test
	@DisplayName("`x-death` entries that came with a message are merged by queue and reason")
	@Until(RabbitMqVersion.V3_10)
	void deathsFromElsewhereAreMerged(TestClient client) throws Exception {
		String letters = client.exclusiveQueue();
		String queue = client.exclusiveQueue(to(letters));
		List<Map<String, Object>> earlier = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			earlier.add(Map.of("queue", "q" + i % 4, "reason", "rejected", "count", 1L, "exchange", "", "routing-keys",
					List.of("q"), "time", new Date(1_000_000_000L * i)));
		}
		client.send("", queue, new BasicProperties.Builder().headers(Map.of("x-death", earlier)).build(), "x");

		reject(client, queue);

		List<Map<String, Object>> deaths = deaths(client.await(letters));
		assertThat(deaths).extracting((death) -> string(death, "queue")).first().isEqualTo(queue);
		assertThat(deaths).hasSize(5);
		assertThat(deaths.stream().skip(1).map((death) -> string(death, "queue"))).containsExactlyInAnyOrder("q0", "q1",
				"q2", "q3");
	}

	@ParameterizedTest(quoteTextArguments = false,
			name = "A message rejected after its {0} queue was deleted is no dead letter")
	@ValueSource(strings = { "classic", "quorum" })
	void whatIsRejectedAfterItsQueueWasDeleted(String type, TestClient client) throws Exception {
		assertNoDeadLetter(client, Map.of("x-queue-type", type), false);
	}

	@Test
	@DisplayName("A message returned beyond its limit after its queue was deleted is no dead letter")
	void whatIsReturnedAfterItsQueueWasDeleted(TestClient client) throws Exception {
		assertNoDeadLetter(client, Map.of("x-queue-type", "quorum", "x-delivery-limit", 0), true);
	}

	private static void assertNoDeadLetter(TestClient client, Map<String, Object> more, boolean requeue)
			throws Exception {
		String letters = client.exclusiveQueue();
		Map<String, Object> arguments = to(letters);
		arguments.putAll(more);
		String queue = client.durableQueue(arguments);
		client.send(queue, "goes with its queue");
		Channel channel = client.stranger();
		long tag = Awaitility.await()
			.until(() -> channel.basicGet(queue, false), (response) -> response != null)
			.getEnvelope()
			.getDeliveryTag();
		client.channel().queueDelete(queue);

		channel.basicNack(tag, false, requeue);

		// Answered after the above.
		channel.basicQos(1);
		client.send(letters, "last");
		assertThat(text(client.take(letters))).isEqualTo("last");
	}

}
