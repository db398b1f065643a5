package dev.warren.logs;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import dev.warren.logs.subscriptions.LogType;
import dev.warren.test.BrokerUnderTest;
import dev.warren.test.EventReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * The logs service through its REST interface and beside other programs.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {
		"spring.config.name=logs-service", "warren.logs.max-subscriptions=10", "warren.logs.max-bindings=5" })
class LogsServiceTests {

	private final LogsClient logs;

	private final BrokerUnderTest broker;

	private final ConnectionFactory connectionFactory;

	LogsServiceTests(@LocalServerPort int port, @Autowired RabbitConnectionDetails broker,
			@Autowired ConnectionFactory connectionFactory) {
		this.logs = new LogsClient(port);
		this.broker = BrokerUnderTest.at(broker.getFirstAddress().host(), broker.getFirstAddress().port());
		this.connectionFactory = connectionFactory;
	}

	@DynamicPropertySource
	static void broker(DynamicPropertyRegistry registry) {
		BrokerUnderTest.register(registry);
	}

	@AfterEach
	void endAll() throws Exception {
		this.logs.endAll();
	}

	@Test
	void theTutorialsTableOfTopics() throws Exception {
		String orange = this.logs.subscribe("topic", List.of("*.orange.*"));
		String rabbitsAndLazy = this.logs.subscribe("topic", List.of("*.*.rabbit", "lazy.#"));
		Map<String, List<String>> table = Map.of("quick.orange.rabbit", List.of(orange, rabbitsAndLazy),
				"lazy.orange.elephant", List.of(orange, rabbitsAndLazy), "quick.orange.fox", List.of(orange),
				"lazy.brown.fox", List.of(rabbitsAndLazy), "lazy.pink.rabbit", List.of(rabbitsAndLazy),
				"quick.brown.fox", List.of(), "orange", List.of(), "quick.orange.new.rabbit", List.of(),
				"lazy.orange.new.rabbit", List.of(rabbitsAndLazy));

		List<String> sent = new ArrayList<>(table.keySet());
		for (String key : sent) {
			assertThat(this.logs.routes("topic", key)).as(key).isEqualTo(table.getOrDefault(key, List.of()));
			assertThat(this.logs.emitTopic(key, key)).as(key).isEqualTo(!table.getOrDefault(key, List.of()).isEmpty());
		}

		for (String subscription : List.of(orange, rabbitsAndLazy)) {
			// Each once, also lazy.pink.rabbit, which matches by two bindings.
			List<String> expected = sent.stream()
				.filter((key) -> table.getOrDefault(key, List.of()).contains(subscription))
				.toList();
			await().untilAsserted(() -> assertThat(this.logs.messages(subscription)).isEqualTo(expected));
		}
	}

	@Test
	void aLogSentWithNobodySubscribedIsAcceptedAndNotRouted() throws Exception {
		assertThat(this.logs.emit("fanout", "{\"message\":\"x\"}").get("routed").asBoolean()).isFalse();
		assertThat(this.logs.emit("direct", "{\"severity\":\"info\",\"message\":\"x\"}").get("routed").asBoolean())
			.isFalse();
		assertThat(this.logs.emitTopic("anonymous.info", "x")).isFalse();
		assertThat(this.logs.emit("headers", "{\"headers\":{\"a\":1},\"message\":\"x\"}").get("routed").asBoolean())
			.isFalse();
	}

	@Test
	void aLineTellsWhatItIs() throws Exception {
		String id = this.logs.subscribe("topic", List.of("kern.*"));

		JsonNode emitted = this.logs.emit("topic",
				"{\"facility\":\"kern\",\"severity\":\"critical\",\"message\":\"A critical \\u2713 kernel error\"}");

		assertThat(emitted.get("exchange").asString()).isEqualTo("topic_logs");
		assertThat(emitted.get("routingKey").asString()).isEqualTo("kern.critical");
		assertThat(emitted.get("routed").asBoolean()).isTrue();
		await().until(() -> !this.logs.received(id).isEmpty());
		JsonNode line = this.logs.received(id).get(0);
		assertThat(line.get("message").asString()).isEqualTo("A critical \u2713 kernel error");
		assertThat(line.get("routingKey").asString()).isEqualTo("kern.critical");
		assertThat(line.get("receivedAt").asString()).endsWith("Z");
		assertThat(line.get("id")).isEqualTo(emitted.get("id"));
		assertThat(line.get("properties").get("appId").asString()).isEqualTo("logs-service");
		assertThat(line.get("properties").get("headers").get("traceparent").asString()).startsWith("00-");
		assertThat(this.logs.subscription(id).get("received").asInt()).isOne();
	}

	@Test
	void everyFanoutSubscriptionGetsEveryLog() throws Exception {
		List<String> ids = List.of(this.logs.subscribe("{\"type\":\"fanout\"}"),
				this.logs.subscribe("{\"type\":\"fanout\",\"bindingKeys\":[]}"));

		this.logs.emit("fanout", "{\"message\":\"one\"}");
		HttpResponse<String> plain = this.logs.send(this.logs.request("/logs/fanout")
			.header("Content-Type", "text/plain")
			.POST(BodyPublishers.ofString("two")));

		assertThat(plain.statusCode()).isEqualTo(202);
		for (String id : ids) {
			await().untilAsserted(() -> assertThat(this.logs.messages(id)).containsExactly("one", "two"));
		}
	}

	@Test
	void aDirectSubscriptionGetsTheSeveritiesItNames() throws Exception {
		String id = this.logs.subscribe("direct", List.of("warning", "error"));

		for (String severity : List.of("info", "warning", "error", "*", "")) {
			this.logs.emit("direct", "{\"severity\":\"%s\",\"message\":\"to %s\"}".formatted(severity, severity));
		}

		await().untilAsserted(() -> assertThat(this.logs.messages(id)).containsExactly("to warning", "to error"));
	}

	@Test
	void aHeadersSubscriptionMatchesAllOrAnyOfItsHeaders() throws Exception {
		String all = this.logs.subscribe("""
				{"type":"headers","bindingHeaders":[{"format":"pdf","pages":3},{"x-match":"all","final":true}]}""");
		String any = this.logs.subscribe("""
				{"type":"headers","bindingHeaders":[{"x-match":"any","format":"pdf","pages":3,"owner":null}]}""");
		Map<String, List<String>> table = Map.of("{\"format\":\"pdf\",\"pages\":3}", List.of(all, any),
				"{\"format\":\"pdf\",\"pages\":\"3\"}", List.of(any), "{\"format\":\"doc\",\"pages\":4}", List.of(),
				"{\"owner\":\"anybody\"}", List.of(any), "{\"final\":true,\"more\":[1]}", List.of(all),
				"{\"final\":\"true\"}", List.of(), "{\"format\":\"PDF\"}", List.of());

		List<String> sent = new ArrayList<>(table.keySet());
		for (String headers : sent) {
			List<String> expected = table.getOrDefault(headers, List.of());
			assertThat(this.logs.list("/routes?type=headers&headers=" + LogsClient.encoded(headers)))
				.extracting((route) -> route.get("id").asString())
				.as(headers)
				.isEqualTo(expected);
			JsonNode emitted = this.logs.emit("headers",
					"{\"headers\":%s,\"message\":\"%s\"}".formatted(headers, sent.indexOf(headers)));
			assertThat(emitted.get("routed").asBoolean()).as(headers).isEqualTo(!expected.isEmpty());
		}

		for (String subscription : List.of(all, any)) {
			List<String> expected = IntStream.range(0, sent.size())
				.filter((i) -> table.getOrDefault(sent.get(i), List.of()).contains(subscription))
				.mapToObj(String::valueOf)
				.toList();
			await().untilAsserted(() -> assertThat(this.logs.messages(subscription)).isEqualTo(expected));
		}
	}

	@Test
	void routesTellTheBindingsAndSendNothing() throws Exception {
		String fanout = this.logs.subscribe("{\"type\":\"fanout\"}");
		String direct = this.logs.subscribe("direct", List.of("info", "error"));
		String topic = this.logs.subscribe("topic", List.of("*.critical", "kern.#", "cron.*"));

		JsonNode route = this.logs.list("/routes?type=topic&routingKey=kern.critical").get(0);

		assertThat(route.get("id").asString()).isEqualTo(topic);
		assertThat(route.get("queue")).isEqualTo(this.logs.subscription(topic).get("queue"));
		assertThat(route.get("bindingKeys").toString()).isEqualTo("[\"*.critical\",\"kern.#\"]");
		assertThat(this.logs.routes("direct", "error")).containsExactly(direct);
		assertThat(this.logs.routes("direct", "err")).isEmpty();
		assertThat(this.logs.list("/routes?type=fanout")).extracting((each) -> each.get("id").asString())
			.containsExactly(fanout);
		for (String id : List.of(fanout, direct, topic)) {
			assertThat(this.logs.received(id)).isEmpty();
		}
	}

	@Test
	void aSubscriptionIsShownAndEnds() throws Exception {
		JsonNode begun = this.logs.begin("{\"type\":\"topic\",\"bindingKeys\":[\"*.critical\",\"kern.#\",\"kern.#\"]}");
		String id = begun.get("id").asString();
		String queue = begun.get("queue").asString();

		assertThat(begun.get("type").asString()).isEqualTo("topic");
		assertThat(begun.get("bindingKeys").toString()).isEqualTo("[\"*.critical\",\"kern.#\"]");
		assertThat(begun.get("exchange").asString()).isEqualTo("topic_logs");
		assertThat(queue).isNotEmpty();
		assertThat(this.logs.subscription(id)).isEqualTo(begun);
		assertThat(this.logs.list("/subscriptions")).containsExactly(begun);
		try (EventReader reader = this.logs.open(id).start()) {
			this.logs.end(id);

			await().until(reader::hasEnded);
		}
		assertThat(this.logs.get("/subscriptions/" + id).statusCode()).isEqualTo(404);
		assertThat(this.logs.get("/subscriptions/" + id + "/messages").statusCode()).isEqualTo(404);
		assertThat(this.logs.get("/subscriptions/" + id + "/stream").statusCode()).isEqualTo(404);
		assertThat(this.logs.delete("/subscriptions/" + id).statusCode()).isEqualTo(404);
		await().untilAsserted(() -> assertThat(exists(queue)).isFalse());
		assertThat(this.logs.emitTopic("kern.critical", "x")).isFalse();
	}

	@Test
	void theQueueBelongsToTheService() throws Exception {
		String queue = this.logs.begin("{\"type\":\"fanout\"}").get("queue").asString();

		try (Connection other = this.broker.connect()) {
			Channel channel = other.createChannel();
			assertThatIOException().isThrownBy(() -> channel.basicConsume(queue, true, (tag, delivery) -> {
			}, (tag) -> {
			})).withStackTraceContaining("exclusive");
		}
	}

	@Test
	void aStreamTellsWhatComes() throws Exception {
		String id = this.logs.subscribe("{\"type\":\"fanout\"}");

		try (EventReader reader = this.logs.open(id).start()) {
			this.logs.emit("fanout", "{\"message\":\"live\"}");

			await().until(() -> reader.count() == 1);
			assertThat(reader.events().get(0).data()).contains("\"message\":\"live\"", "\"routingKey\":\"\"");
		}
	}

	@Test
	void newBindingsTakeThePlaceOfTheOld() throws Exception {
		String id = this.logs.subscribe("topic", List.of("a.*", "b.*"));

		HttpResponse<String> response = this.logs.putJson("/subscriptions/" + id + "/bindings",
				"{\"bindingKeys\":[\"b.*\",\"c.*\"]}");

		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		assertThat(LogsClient.json(response).get("bindingKeys").toString()).isEqualTo("[\"b.*\",\"c.*\"]");
		for (String key : List.of("a.x", "b.x", "c.x")) {
			this.logs.emitTopic(key, key);
		}
		await().untilAsserted(() -> assertThat(this.logs.messages(id)).containsExactly("b.x", "c.x"));
		assertThat(this.logs.routes("topic", "a.x")).isEmpty();
	}

	@Test
	void whatMatchesOldAndNewBindingsIsNeverMissedNorDoubled() throws Exception {
		String id = this.logs.subscribe("topic", List.of("kern.*"));
		List<String> sent = new ArrayList<>();
		Thread rebinding = new Thread(() -> {
			for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
				try {
					assertThat(this.logs
						.putJson("/subscriptions/" + id + "/bindings",
								"{\"bindingKeys\":[\"%s\"]}".formatted((i % 2 == 0) ? "*.critical" : "kern.*"))
						.statusCode()).isEqualTo(200);
				}
				catch (Exception ex) {
					return;
				}
			}
		});

		rebinding.start();
		for (int i = 0; i < 300; i++) {
			assertThat(this.logs.emitTopic("kern.critical", "line " + i)).isTrue();
			sent.add("line " + i);
		}
		rebinding.interrupt();
		rebinding.join();

		await().untilAsserted(() -> assertThat(this.logs.messages(id)).isEqualTo(sent));
	}

	@Test
	void headersBindingsCanBeReplacedToo() throws Exception {
		String id = this.logs.subscribe("{\"type\":\"headers\",\"bindingHeaders\":[{\"a\":1},{\"b\":1}]}");

		assertThat(this.logs
			.putJson("/subscriptions/" + id + "/bindings",
					"{\"bindingHeaders\":[{\"b\":1},{\"x-match\":\"any\",\"c\":1}]}")
			.statusCode()).isEqualTo(200);

		for (String header : List.of("a", "b", "c")) {
			this.logs.emit("headers", "{\"headers\":{\"%s\":1},\"message\":\"%s\"}".formatted(header, header));
		}
		await().untilAsserted(() -> assertThat(this.logs.messages(id)).containsExactly("b", "c"));
	}

	@ParameterizedTest
	@MethodSource
	void aBadSubscriptionIsAProblemAndNothingIsMade(String json, int status, String field) throws Exception {
		HttpResponse<String> response = this.logs.postJson("/subscriptions", json);

		assertProblem(response, status, field);
		assertThat(this.logs.list("/subscriptions")).isEmpty();
	}

	static Stream<Arguments> aBadSubscriptionIsAProblemAndNothingIsMade() {
		String topic = "{\"type\":\"topic\",\"bindingKeys\":%s}";
		String headers = "{\"type\":\"headers\",\"bindingHeaders\":%s}";
		return Stream.of(arguments("{}", 400, "type"), arguments("{\"type\":\"x-random\"}", 400, "type"),
				arguments("{\"type\":\"TOPIC\"}", 400, "type"), arguments("{\"type\":1}", 400, "type"),
				arguments("{\"type\":\"topic\"}", 400, "bindingKeys"),
				arguments("{\"type\":\"direct\"}", 400, "bindingKeys"),
				arguments("{\"type\":\"headers\"}", 400, "bindingHeaders"),
				arguments(topic.formatted("[]"), 400, "bindingKeys"),
				arguments(topic.formatted("[null]"), 400, "bindingKeys"),
				arguments(topic.formatted("\"a\""), 400, "bindingKeys"),
				arguments(topic.formatted("[\"a b\"]"), 400, "bindingKeys"),
				arguments(topic.formatted("[\"a\\nb\"]"), 400, "bindingKeys"),
				arguments(topic.formatted("[\"\\ud800\"]"), 400, "bindingKeys"),
				arguments(topic.formatted("[\"kern*\"]"), 400, "bindingKeys"),
				arguments(topic.formatted("[\"##\"]"), 400, "bindingKeys"),
				arguments(topic.formatted("[\"" + "x".repeat(256) + "\"]"), 400, "bindingKeys"),
				arguments(topic.formatted("[\"" + "\u2713".repeat(86) + "\"]"), 400, "bindingKeys"),
				arguments(topic.formatted("[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\"]"), 400, "bindingKeys"),
				arguments("{\"type\":\"fanout\",\"bindingKeys\":[\"a\"]}", 400, "bindingKeys"),
				arguments("{\"type\":\"topic\",\"bindingKeys\":[\"a\"],\"bindingHeaders\":[{\"a\":1}]}", 400,
						"bindingHeaders"),
				arguments("{\"type\":\"headers\",\"bindingKeys\":[\"a\"],\"bindingHeaders\":[{\"a\":1}]}", 400,
						"bindingKeys"),
				arguments(headers.formatted("[{}]"), 400, "bindingHeaders"),
				arguments(headers.formatted("[{\"x-match\":\"any\"}]"), 400, "bindingHeaders"),
				arguments(headers.formatted("[{\"x-match\":\"some\",\"a\":1}]"), 400, "bindingHeaders"),
				arguments(headers.formatted("[{\"x-match\":null,\"a\":1}]"), 400, "bindingHeaders"),
				arguments(headers.formatted("[{\"a\":[1]}]"), 400, "bindingHeaders"),
				arguments(headers.formatted("[{\"a\":{\"b\":1}}]"), 400, "bindingHeaders"),
				arguments(headers.formatted("[{\"a\":99999999999999999999}]"), 400, "bindingHeaders"),
				arguments(headers.formatted("[{\"" + "x".repeat(256) + "\":1}]"), 400, "bindingHeaders"),
				arguments(headers.formatted("{\"a\":1}"), 400, "bindingHeaders"), arguments("not JSON", 400, ""),
				arguments("{\"type\":\"fanout\",\"name\":\"mine\"}", 400, "name"));
	}

	@ParameterizedTest
	@MethodSource
	void aBadLogIsAProblem(String type, String json, int status, String field) throws Exception {
		assertProblem(this.logs.postJson("/logs/" + type, json), status, field);
	}

	static Stream<Arguments> aBadLogIsAProblem() {
		return Stream.of(arguments("fanout", "{}", 400, "message"),
				arguments("fanout", "{\"message\":\"\"}", 400, "message"),
				arguments("fanout", "{\"message\":\"" + "x".repeat(64 * 1024 + 1) + "\"}", 413, "message"),
				arguments("direct", "{\"message\":\"x\"}", 400, "severity"),
				arguments("direct", "{\"severity\":\"" + "x".repeat(256) + "\",\"message\":\"x\"}", 400, "severity"),
				arguments("topic", "{\"message\":\"x\"}", 400, "routingKey"),
				arguments("topic", "{\"routingKey\":\"a b\",\"message\":\"x\"}", 400, "routingKey"),
				arguments("topic", "{\"facility\":\"kern\",\"message\":\"x\"}", 400, "severity"),
				arguments("topic", "{\"severity\":\"info\",\"message\":\"x\"}", 400, "facility"),
				arguments("topic", "{\"routingKey\":\"a\",\"facility\":\"b\",\"severity\":\"c\",\"message\":\"x\"}",
						400, "routingKey"),
				arguments("headers", "{\"message\":\"x\"}", 400, "headers"),
				arguments("headers", "{\"headers\":{\"a\":99999999999999999999},\"message\":\"x\"}", 400, "headers"),
				arguments("headers", "{\"headers\":{\"CC\":[\"a\"]},\"message\":\"x\"}", 400, "headers"),
				arguments("headers", "{\"headers\":[1],\"message\":\"x\"}", 400, "headers"),
				arguments("nonsense", "{\"message\":\"x\"}", 404, ""));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "?type=nonsense&routingKey=a", "?type=topic", "?type=direct",
			"?type=topic&routingKey=a%20b", "?type=headers", "?type=headers&headers=pdf",
			"?type=headers&headers=%5B1%5D" })
	void aBadQuestionForRoutesIsAProblem(String query) throws Exception {
		HttpResponse<String> response = this.logs.get("/routes" + query);

		assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
		assertThat(LogsClient.json(response).has("field")).isTrue();
	}

	@Test
	void badNewBindingsLeaveTheOld() throws Exception {
		String id = this.logs.subscribe("topic", List.of("a.*"));

		assertProblem(this.logs.putJson("/subscriptions/" + id + "/bindings", "{\"bindingKeys\":[]}"), 400,
				"bindingKeys");
		assertProblem(this.logs.putJson("/subscriptions/none/bindings", "{\"bindingKeys\":[\"a\"]}"), 404, "id");

		assertThat(this.logs.emitTopic("a.x", "still")).isTrue();
		await().untilAsserted(() -> assertThat(this.logs.messages(id)).containsExactly("still"));
	}

	@Test
	void oneSubscriptionTooManyIsAConflict() throws Exception {
		for (int i = 0; i < 10; i++) {
			this.logs.subscribe("{\"type\":\"fanout\"}");
		}

		HttpResponse<String> response = this.logs.postJson("/subscriptions", "{\"type\":\"fanout\"}");

		assertThat(response.statusCode()).isEqualTo(409);
		assertThat(LogsClient.json(response).get("detail").asString()).contains("warren.logs.max-subscriptions");
		this.logs.end(this.logs.list("/subscriptions").get(0).get("id").asString());
		this.logs.subscribe("{\"type\":\"fanout\"}");
	}

	@Test
	void anExchangeThatExistsOtherwiseIsAConflictAndHarmsNoOtherSubscription() throws Exception {
		String other = this.logs.subscribe("topic", List.of("#"));
		try (Connection connection = this.broker.connect()) {
			Channel channel = connection.createChannel();
			channel.exchangeDelete("logs");
			channel.exchangeDeclare("logs", BuiltinExchangeType.DIRECT);
			try {
				HttpResponse<String> response = this.logs.postJson("/subscriptions", "{\"type\":\"fanout\"}");

				assertThat(response.statusCode()).as(response.body()).isEqualTo(409);
				assertThat(this.logs.list("/subscriptions")).hasSize(1);
			}
			finally {
				channel.exchangeDelete("logs");
				channel.exchangeDeclare("logs", BuiltinExchangeType.FANOUT);
			}
		}
		this.logs.emitTopic("a", "unharmed");
		await().untilAsserted(() -> assertThat(this.logs.messages(other)).containsExactly("unharmed"));
		assertThat(this.logs.subscription(other).get("gaps").asInt()).isZero();
	}

	@Test
	void anExchangeThatWasDeletedIsDeclaredAgain() throws Exception {
		try (Connection connection = this.broker.connect()) {
			connection.createChannel().exchangeDelete("logs");
		}

		await().atMost(15, TimeUnit.SECONDS)
			.until(() -> this.logs.postJson("/logs/fanout", "{\"message\":\"x\"}").statusCode() == 202);
	}

	@Test
	void aSubscriptionWhoseQueueIsDeletedGetsAnotherAndTellsItsReaders() throws Exception {
		JsonNode begun = this.logs.begin("{\"type\":\"topic\",\"bindingKeys\":[\"a.*\"]}");
		String id = begun.get("id").asString();
		try (EventReader reader = this.logs.open(id).start()) {
			// Only the connection it belongs to may delete it.
			try (Channel channel = this.connectionFactory.createConnection().createChannel(false)) {
				channel.queueDelete(begun.get("queue").asString());
			}

			await().until(() -> reader.count() == 1);
			assertThat(this.logs.emitTopic("a.b", "after")).isTrue();
			await().until(() -> reader.count() == 2);

			assertThat(reader.events()).extracting(EventReader.Event::name).containsExactly("gap", "message");
			assertThat(reader.events().get(0).data()).contains("the queue was deleted", "\"since\":", "\"until\":");
			assertThat(this.logs.subscription(id).get("gaps").asInt()).isOne();
			assertThat(this.logs.subscription(id).get("queue")).isNotEqualTo(begun.get("queue"));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "fanout", "direct", "topic" })
	void theTutorialsReceiversGetOurLogs(String type) throws Exception {
		LogType logType = LogType.of(type);
		try (Connection connection = this.broker.connect()) {
			Channel channel = connection.createChannel();
			BlockingQueue<Delivery> received = receiveLogs(channel, logType.exchange(), type, "kern.error");

			this.logs.emit(type, switch (logType) {
				case DIRECT -> "{\"severity\":\"kern.error\",\"message\":\"Hello\"}";
				case TOPIC -> "{\"routingKey\":\"kern.error\",\"message\":\"Hello\"}";
				default -> "{\"message\":\"Hello\"}";
			});

			Delivery delivery = received.poll(10, TimeUnit.SECONDS);
			assertThat(delivery).isNotNull();
			assertThat(new String(delivery.getBody(), StandardCharsets.UTF_8)).isEqualTo("Hello");
			assertThat(delivery.getProperties().getContentType()).isEqualTo("text/plain");
			assertThat(delivery.getProperties().getDeliveryMode()).isOne();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "fanout", "direct", "topic" })
	void weGetTheLogsOfTheTutorialsEmitters(String type) throws Exception {
		LogType logType = LogType.of(type);
		String id = type.equals("fanout") ? this.logs.subscribe("{\"type\":\"fanout\"}")
				: this.logs.subscribe(type, List.of("kern.error"));
		try (Connection connection = this.broker.connect()) {
			Channel channel = connection.createChannel();
			channel.exchangeDeclare(logType.exchange(), type);

			channel.basicPublish(logType.exchange(), "kern.error", null, "Hello".getBytes(StandardCharsets.UTF_8));
			channel.basicPublish(logType.exchange(), "kern.error",
					new AMQP.BasicProperties.Builder()
						.headers(Map.of("traceparent", 5, "bytes", new byte[] { (byte) 0xff }))
						.build(),
					new byte[] { 'a', (byte) 0xff, 0 });

			await().untilAsserted(() -> assertThat(this.logs.messages(id)).containsExactly("Hello", "a\ufffd\0"));
			assertThat(this.logs.received(id).get(1).get("routingKey").asString()).isEqualTo("kern.error");
		}
	}

	@Test
	void anotherProgramsHeadersAreMatched() throws Exception {
		String id = this.logs.subscribe("{\"type\":\"headers\",\"bindingHeaders\":[{\"format\":\"pdf\"}]}");
		try (Connection connection = this.broker.connect()) {
			Channel channel = connection.createChannel();
			channel.exchangeDeclare("headers_logs", BuiltinExchangeType.HEADERS);

			channel.basicPublish("headers_logs", "ourTestRoutingKey",
					new AMQP.BasicProperties.Builder().headers(Map.of("format", "pdf")).build(),
					"Hello".getBytes(StandardCharsets.UTF_8));

			await().untilAsserted(() -> assertThat(this.logs.messages(id)).containsExactly("Hello"));
		}
	}

	@Test
	void theMetricsDoNotGrowWithKeysNorWithSubscriptions() throws Exception {
		for (int i = 0; i < 60; i++) {
			String id = this.logs.subscribe("topic", List.of("grow" + i + ".#"));
			this.logs.emitTopic("grow" + i + ".a", "x");
			await().until(() -> !this.logs.received(id).isEmpty());
			this.logs.end(id);
		}

		String metrics = this.logs.get("/actuator/prometheus").body();

		assertThat(metrics).contains("spring_rabbit_listener_seconds_count").doesNotContain("grow1", "amq.gen-");
		assertThat(metrics.lines().filter((line) -> line.startsWith("spring_rabbit_listener_seconds_count")))
			.hasSizeLessThanOrEqualTo(21);
		assertThat(metrics.lines().filter((line) -> line.startsWith("spring_rabbit_template_seconds_count")))
			.hasSizeLessThanOrEqualTo(21);
	}

	@Test
	void theInterfaceIsDescribed() throws Exception {
		assertThat(this.logs.get("/v3/api-docs").body()).contains("/subscriptions/{id}/messages/stream", "/routes");
	}

	private static BlockingQueue<Delivery> receiveLogs(Channel channel, String exchange, String type, String bindingKey)
			throws Exception {
		BlockingQueue<Delivery> received = new LinkedBlockingQueue<>();
		channel.exchangeDeclare(exchange, type);
		String queue = channel.queueDeclare().getQueue();
		channel.queueBind(queue, exchange, bindingKey);
		channel.basicConsume(queue, true, (tag, delivery) -> received.add(delivery), (tag) -> {
		});
		return received;
	}

	private static void assertProblem(HttpResponse<String> response, int status, String field) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(LogsClient.json(response).path("field").asString("")).startsWith(field);
		assertThat(response.body()).doesNotContain("\tat ", "dev.warren");
	}

	private boolean exists(String queue) throws Exception {
		try (Channel channel = this.connectionFactory.createConnection().createChannel(false)) {
			channel.queueDeclarePassive(queue);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
