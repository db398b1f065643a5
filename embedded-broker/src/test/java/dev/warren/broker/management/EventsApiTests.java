package dev.warren.broker.management;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DeliverCallback;
import dev.warren.broker.BrokerMessage;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.management.events.EventStreams;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The stream of events tells what the broker did, and nothing else.
 */
class EventsApiTests {

	private static ManagedApplication application;

	private static EmbeddedBroker broker;

	private static ManagementClient api;

	private Connection connection;

	private Channel channel;

	private EventReader reader;

	@BeforeAll
	static void start() {
		application = new ManagedApplication("--warren.broker.timeline=true");
		broker = application.broker();
		api = application.api();
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@BeforeEach
	void connect() throws Exception {
		ConnectionFactory connections = new ConnectionFactory();
		connections.setUri(broker.uri());
		this.connection = connections.newConnection("shop");
		this.channel = this.connection.createChannel();
		this.reader = openWhenThereIsRoom();
	}

	@AfterEach
	void close() {
		this.reader.close();
		this.connection.abort();
		await().until(() -> broker.connections().isEmpty());
		broker.reset();
	}

	@Test
	void eventsHaveTheFacts() throws Exception {
		this.channel.exchangeDeclare("facts", "topic", false, true, Map.of());
		this.channel.queueDeclare("facts", false, false, true,
				Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "nowhere"));
		this.channel.queueBind("facts", "facts", "a.#");
		this.channel.confirmSelect();
		BasicProperties properties = new BasicProperties.Builder().deliveryMode(2)
			.messageId("<img onerror>")
			.headers(Map.of("long", "x".repeat(1000)))
			.build();
		this.channel.basicPublish("facts", "a.b", properties, "grüße".getBytes(StandardCharsets.UTF_8));
		this.channel.basicPublish("facts", "b", true, null, new byte[] { 1, 2 });
		this.channel.waitForConfirmsOrDie(10_000);
		String tag = this.channel
			.basicConsume(
					"facts", false, (consumer, message) -> this.channel
						.basicReject(message.getEnvelope().getDeliveryTag(), !message.getEnvelope().isRedeliver()),
					(consumer) -> {
					});
		await().until(() -> this.reader.events("unroutable").count() == 2);

		JsonNode published = one("published", 0);
		assertThat(published.get("connection").asString()).isEqualTo("shop");
		assertThat(published.get("channel").asInt()).isEqualTo(1);
		assertThat(published.get("exchange").asString()).isEqualTo("facts");
		assertThat(published.get("routingKey").asString()).isEqualTo("a.b");
		assertThat(published.get("persistent").asBoolean()).isTrue();
		assertThat(published.get("size").asInt()).isEqualTo(7);
		assertThat(published.get("body").asString()).isEqualTo("grüße");
		assertThat(published.get("properties").get("messageId").asString()).isEqualTo("<img onerror>");
		assertThat(published.get("properties").get("headers").get("long").asString()).hasSize(257).endsWith("…");
		assertThat(one("published", 1).has("body")).isFalse();
		long message = published.get("message").asLong();
		JsonNode routed = one("routed", 0);
		assertThat(routed.get("message").asLong()).isEqualTo(message);
		assertThat(routed.get("queue").asString()).isEqualTo("facts");
		assertThat(routed.get("binding").toString())
			.isEqualTo("{\"source\":\"facts\",\"routingKey\":\"a.#\",\"arguments\":{}}");
		assertThat(one("unroutable", 0).get("reason").asString()).contains("no binding of exchange 'facts' matches");
		assertThat(this.reader.events("returned")).hasSize(1);
		assertThat(this.reader.events("confirmed").map((event) -> event.get("deliveryTag").asInt())).containsExactly(1,
				2);
		assertThat(one("confirmed", 0).get("message").asLong()).isEqualTo(message);
		assertThat(one("consuming", 0).get("consumer").asString()).isEqualTo(tag);
		assertThat(one("delivered", 0).get("consumer").asString()).isEqualTo(tag);
		assertThat(one("delivered", 0).get("deliveryTag").asInt()).isEqualTo(1);
		assertThat(one("delivered", 0).get("redelivered").asBoolean()).isFalse();
		assertThat(one("delivered", 0).get("noAck").asBoolean()).isFalse();
		assertThat(one("requeued", 0).get("deliveryTag").asInt()).isEqualTo(1);
		assertThat(one("delivered", 1).get("redelivered").asBoolean()).isTrue();
		assertThat(one("rejected", 0).get("deliveryTag").asInt()).isEqualTo(2);
		JsonNode last = one("unroutable", 1);
		assertThat(last.get("message").asLong()).isEqualTo(message);
		assertThat(last.get("queue").asString()).isEqualTo("facts");
		assertThat(last.has("connection")).isFalse();
	}

	private JsonNode one(String what, int index) {
		return this.reader.events(what).skip(index).findFirst().orElseThrow();
	}

	@Test
	void theEventsOfTenThousandMessagesAreThoseOfTheBroker() throws Exception {
		declareQueues();
		Map<String, Long> countedBefore = counted();
		long eventsBefore = this.reader.events().count();
		this.channel.confirmSelect();
		DeliverCallback acknowledge = (tag, message) -> this.channel.basicAck(message.getEnvelope().getDeliveryTag(),
				false);
		DeliverCallback reject = (tag, message) -> this.channel.basicReject(message.getEnvelope().getDeliveryTag(),
				false);
		DeliverCallback requeueOnce = (tag, message) -> this.channel.basicReject(message.getEnvelope().getDeliveryTag(),
				!message.getEnvelope().isRedeliver());
		this.channel.basicConsume("acknowledged", false, acknowledge, (tag) -> {
		});
		this.channel.basicConsume("rejected", false, reject, (tag) -> {
		});
		this.channel.basicConsume("requeued", false, requeueOnce, (tag) -> {
		});
		this.channel.basicConsume("unacknowledged", true, (tag, message) -> {
		}, (tag) -> {
		});
		BasicProperties brief = new BasicProperties.Builder().expiration("1").build();

		for (int batch = 1; batch <= 20; batch++) {
			for (int i = 0; i < 50; i++) {
				this.channel.basicPublish("kinds", "nobody", true, null, "returned".getBytes());
				this.channel.basicPublish("kinds", "nobody", null, "unroutable".getBytes());
				this.channel.basicPublish("kinds", "one", null, "one".getBytes());
				this.channel.basicPublish("kinds", "three", null, "three".getBytes());
				this.channel.basicPublish("kinds", "three", null, "three".getBytes());
				this.channel.basicPublish("", "expiring", brief, "expires".getBytes());
				this.channel.basicPublish("", "short", null, "drops another".getBytes());
				this.channel.basicPublish("", "full", null, "is refused".getBytes());
				this.channel.basicPublish("", "unacknowledged", null, "at once".getBytes());
				this.channel.basicPublish("", "purged", null, "purged".getBytes());
			}
			assertThat(this.channel.waitForConfirms(10_000)).isFalse();
			this.channel.queuePurge("purged");
			long published = batch * 500L;
			await().until(() -> this.reader.events("published").count() == published);
		}
		await().until(() -> broker.queue("dead").ready() == 5000 && broker.queue("expiring").ready() == 0);
		await().untilAsserted(() -> assertThat(this.reader.events("dead-lettered")).hasSize(5000));

		assertThat(this.reader.lost()).isZero();
		List<JsonNode> events = this.reader.events().skip(eventsBefore).toList();
		assertThat(this.reader.events().map((event) -> event.get("seq").asLong())).isEqualTo(
				Stream.iterate(this.reader.start() + 1, (seq) -> seq + 1).limit(this.reader.events().count()).toList());
		assertThat(counts(events, "what")).containsAllEntriesOf(Map.ofEntries(Map.entry("published", 10_000L),
				Map.entry("unroutable", 2000L), Map.entry("returned", 1000L), Map.entry("expired", 1000L),
				Map.entry("dropped", 999L), Map.entry("refused", 999L), Map.entry("acknowledged", 3000L),
				Map.entry("rejected", 4000L), Map.entry("requeued", 2000L), Map.entry("dead-lettered", 5000L),
				Map.entry("confirmed", 9001L), Map.entry("nacked", 999L), Map.entry("purged", 20L)));
		Map<String, Long> difference = counted();
		difference.replaceAll((name, count) -> count - countedBefore.getOrDefault(name, 0L));
		assertThat(difference).containsEntry("publish", 10_000L)
			.containsEntry("return_unroutable", count(events, "returned"))
			.containsEntry("drop_unroutable", count(events, "unroutable") - count(events, "returned"))
			.containsEntry("confirm", count(events, "confirmed"))
			.containsEntry("ack", count(events, "acknowledged"))
			.containsEntry("deliver", count(events, "delivered") - 1000)
			.containsEntry("deliver_no_ack", 1000L)
			.containsEntry("redeliver", 2000L);
		assertThat(depths(events)).isEqualTo(broker.queues()
			.stream()
			.filter((queue) -> queue.ready() > 0)
			.collect(Collectors.toMap((queue) -> queue.name(), (queue) -> (long) queue.ready())));
	}

	private void declareQueues() throws IOException {
		Map<String, Object> deadLetters = Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "dead");
		this.channel.exchangeDeclare("kinds", "direct", false, true, Map.of());
		declare("dead", Map.of());
		declare("acknowledged", Map.of());
		declare("rejected", deadLetters);
		declare("requeued", deadLetters);
		declare("unacknowledged", Map.of());
		declare("expiring", deadLetters);
		declare("purged", Map.of());
		declare("short", Map.of("x-max-length", 1));
		declare("full", Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
		this.channel.queueBind("acknowledged", "kinds", "one");
		for (String queue : List.of("acknowledged", "rejected", "requeued")) {
			this.channel.queueBind(queue, "kinds", "three");
		}
	}

	private void declare(String queue, Map<String, Object> arguments) throws IOException {
		this.channel.queueDeclare(queue, false, true, false, arguments);
	}

	/**
	 * What the broker counted since it started.
	 */
	private static Map<String, Long> counted() throws IOException, InterruptedException {
		JsonNode stats = api.json("vhosts/%2F").get("message_stats");
		return stats.propertyStream()
			.filter((one) -> one.getValue().isNumber())
			.collect(Collectors.toMap(Map.Entry::getKey, (one) -> one.getValue().asLong()));
	}

	private static Map<String, Long> counts(List<JsonNode> events, String field) {
		return events.stream()
			.collect(Collectors.groupingBy((event) -> event.get(field).asString(), Collectors.counting()));
	}

	private static long count(List<JsonNode> events, String what) {
		return events.stream().filter(EventReader.is(what)).count();
	}

	/**
	 * How many messages are in the queues, as one who only saw the events would say.
	 */
	private static Map<String, Long> depths(List<JsonNode> events) {
		Map<String, Long> depths = new HashMap<>();
		for (JsonNode event : events) {
			String queue = event.path("queue").asString("");
			switch (event.get("what").asString()) {
				case "routed", "requeued" -> depths.merge(queue, 1L, Long::sum);
				case "delivered", "expired", "dropped" -> depths.merge(queue, -1L, Long::sum);
				case "purged" -> depths.merge(queue, -event.get("count").asLong(), Long::sum);
				default -> {
				}
			}
		}
		depths.values().removeIf((depth) -> depth == 0);
		return depths;
	}

	@Test
	void aSlowReaderLosesItsOwnAndIsToldHowMany() throws Exception {
		for (String queue : List.of("first copy", "second copy", "third copy")) {
			declare(queue, Map.of("x-max-length", 10));
			this.channel.queueBind(queue, "amq.fanout", "");
		}
		try (Socket socket = new Socket()) {
			socket.setReceiveBufferSize(4096);
			InputStream slow = request(socket);
			await().until(() -> this.reader.events("bound").count() == 3);
			BrokerMessage message = BrokerMessage.of("x".repeat(256)).withHeader("large", "x".repeat(250));
			for (int published = 1; published <= 12_000; published++) {
				broker.publish("amq.fanout", "", message);
				if (published % 500 == 0) {
					// No faster than one who reads can.
					int all = published;
					await().until(() -> this.reader.events("published").count() == all);
				}
			}

			// From now on it reads fast: megabytes are waiting.
			socket.setReceiveBufferSize(256 * 1024);
			EventReader late = EventReader.of(slow);
			broker.publish("amq.fanout", "", "the last");
			await().atMost(1, TimeUnit.MINUTES).until(() -> late.events("published").anyMatch(isOf("the last")));
			await().until(() -> this.reader.events("published").anyMatch(isOf("the last")));

			long last = late.events("published").filter(isOf("the last")).findFirst().orElseThrow().get("seq").asLong();
			assertThat(late.lost()).isPositive();
			assertThat(late.events().filter((one) -> one.get("seq").asLong() <= last).count() + late.lost())
				.isEqualTo(last - late.start());
			assertThat(this.reader.lost()).isZero();
		}
	}

	private static Predicate<JsonNode> isOf(String body) {
		return (event) -> event.get("body").asString().equals(body);
	}

	/**
	 * Asks for the events, and reads no more than the head of the answer.
	 */
	private static InputStream request(Socket socket) throws IOException {
		socket.connect(new InetSocketAddress("127.0.0.1", application.port()));
		// HTTP/1.0, so that the answer is not chunked.
		socket.getOutputStream()
			.write(("GET /api/events/%2F HTTP/1.0\r\nHost: localhost\r\nAuthorization: Basic "
					+ Base64.getEncoder().encodeToString("guest:guest".getBytes()) + "\r\n\r\n")
				.getBytes());
		InputStream in = socket.getInputStream();
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			head.append((char) in.read());
		}
		assertThat(head).startsWith("HTTP/1.1 200");
		return in;
	}

	@Test
	void everyReaderHearsTheSameAsTheTimeline() throws Exception {
		broker.reset();
		try (EventReader other = EventReader.open(api, "/")) {
			this.channel.queueDeclare("heard", false, true, true, Map.of());
			this.channel.basicPublish("", "heard", null, "x".getBytes());
			this.channel.basicGet("heard", true);
			await().until(() -> other.events("delivered").count() == 1);
			await().until(() -> this.reader.events("delivered").count() == 1);

			List<JsonNode> events = other.events().toList();
			assertThat(this.reader.events().filter((event) -> event.get("seq").asLong() > other.start()))
				.containsExactlyElementsOf(events);
			assertThat(broker.timeline().entries()).extracting((entry) -> entry.what().replace(' ', '-'))
				.containsSubsequence(events.stream().map((event) -> event.get("what").asString()).toList());
		}
	}

	@Test
	void onlyAdministratorsReadAndNoForeignPages() throws Exception {
		api.put("users/monitor", "{\"password\":\"p\",\"tags\":\"monitoring\"}");

		assertThat(api.as(null).get("events/%2F").statusCode()).isEqualTo(401);
		assertThat(api.as("guest:wrong").get("events/%2F").statusCode()).isEqualTo(401);
		assertThat(api.as("monitor:p").get("events/%2F").statusCode()).isEqualTo(401);
		assertThat(api.get("events/%2F", "Origin", "http://stranger.example").statusCode()).isEqualTo(403);
		assertThat(api.get("events/%2F", "Sec-Fetch-Site", "cross-site").statusCode()).isEqualTo(403);
		assertThat(api.get("events/nowhere").statusCode()).isEqualTo(404);
		assertThat(api.send("HEAD", "events/%2F", "").statusCode()).isEqualTo(200);
	}

	@Test
	void aReaderIsSentAwayWithItsVirtualHostOrItsTag() throws Exception {
		api.put("vhosts/brief", "{}");
		api.put("users/admin", "{\"password\":\"p\",\"tags\":\"administrator\"}");
		EventReader ofVirtualHost = EventReader.open(api, "brief");
		EventReader ofUser = EventReader.open(api.as("admin:p"), "/");

		api.delete("vhosts/brief");
		api.put("users/admin", "{\"password\":\"p\",\"tags\":\"monitoring\"}");

		ofVirtualHost.end().get(10, TimeUnit.SECONDS);
		ofUser.end().get(10, TimeUnit.SECONDS);
	}

	@Test
	void thereIsRoomForTwentyReaders() throws Exception {
		List<EventReader> others = new ArrayList<>();
		try {
			while (others.size() < EventStreams.MOST_READERS - 1) {
				others.add(openWhenThereIsRoom());
			}

			assertThat(api.stream("events/%2F").statusCode())
				.as(() -> "ended: " + Stream.concat(others.stream(), Stream.of(this.reader))
					.map((one) -> one.end().toString())
					.toList())
				.isEqualTo(503);
		}
		finally {
			others.forEach(EventReader::close);
		}
		openWhenThereIsRoom().close();
	}

	@Test
	void whoLeavesTakesNobodyElseAlong() throws Exception {
		List<EventReader> staying = new ArrayList<>(List.of(this.reader));
		for (int i = 0; i < 5; i++) {
			List<EventReader> leaving = Stream.generate(EventsApiTests::openWhenThereIsRoom).limit(2).toList();
			leaving.forEach(EventReader::close);
			broker.publish("", "nobody", "a word to those who have gone");
			staying.add(openWhenThereIsRoom());
			broker.publish("", "nobody", "another");
		}

		broker.publish("", "nobody", "the last");

		for (EventReader reader : staying) {
			await().until(() -> reader.events("published").anyMatch(isOf("the last")));
			reader.close();
		}
	}

	/**
	 * Those that have just been closed are not gone yet.
	 */
	private static EventReader openWhenThereIsRoom() {
		return await().ignoreException(IOException.class).until(() -> EventReader.open(api, "/"), (reader) -> true);
	}

	@Test
	void streamsEndWithTheApplication() throws Exception {
		EventReader last;
		try (ManagedApplication brief = new ManagedApplication()) {
			last = EventReader.open(brief.api(), "/");
		}

		last.end().get(10, TimeUnit.SECONDS);
	}

}
