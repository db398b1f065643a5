package dev.warren.hello;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import dev.warren.test.BrokerUnderTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static dev.warren.test.RestClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * The hello service on an embedded broker, or on the one that the environment variable
 * {@code WARREN_TEST_AMQP_URI} names, through its REST interface and beside other
 * programs.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "spring.config.name=hello-service", "warren.hello.max-receivers=5" })
@DirtiesContext // Its receivers would take what other tests send on the same broker.
class HelloServiceTests {

	private final HelloClient hello;

	private final BrokerUnderTest broker;

	HelloServiceTests(@LocalServerPort int port, @Autowired RabbitConnectionDetails broker) {
		this.hello = new HelloClient(port);
		this.broker = BrokerUnderTest.at(broker.getFirstAddress().host(), broker.getFirstAddress().port());
	}

	@DynamicPropertySource
	static void broker(DynamicPropertyRegistry properties) {
		BrokerUnderTest.register(properties);
	}

	@BeforeEach
	void startWithOneReceiverAndAnEmptyQueue() throws Exception {
		if (this.hello.list("/receivers").size() != 1 || queue("consumers") != 1) {
			this.hello.stopAllReceivers();
			this.hello.startReceiver();
		}
		await().until(() -> queue("messages") == 0 && queue("consumers") == 1);
	}

	@Test
	void aTextIsConfirmedAndReceived() throws Exception {
		HttpResponse<String> response = this.hello.postJson("/messages", "{\"text\":\"Hello World!\"}");

		assertThat(response.statusCode()).isEqualTo(202);
		JsonNode sent = json(response);
		assertThat(sent.get("queue").asString()).isEqualTo("hello");
		assertThat(sent.get("confirmed").asBoolean()).isTrue();
		JsonNode received = awaitReceived(sent.get("id").asString());
		assertThat(received.get("text").asString()).isEqualTo("Hello World!");
		assertThat(received.get("receiver").asString()).startsWith("receiver-");
		assertThat(received.get("redelivered").asBoolean()).isFalse();
		assertThat(received.get("age").asDouble()).isNotNegative();
		assertThat(received.get("receivedAt").asString()).endsWith("Z");
		JsonNode properties = received.get("properties");
		assertThat(properties.get("contentType").asString()).isEqualTo("text/plain");
		assertThat(properties.get("contentEncoding").asString()).isEqualTo("UTF-8");
		assertThat(properties.get("messageId")).isEqualTo(sent.get("id"));
		assertThat(properties.get("appId").asString()).isEqualTo("hello-service");
		assertThat(properties.get("deliveryMode").asInt()).isEqualTo(BrokerUnderTest.isCurrentEdition() ? 2 : 1);
		assertThat(properties.get("timestamp").asLong()).isPositive();
	}

	@Test
	void aPlainTextIsReceivedAsItIs() throws Exception {
		String text = " \u2713 gr\u00fcn\n\"quoted\" \ud83d\ude00\0";

		JsonNode received = awaitReceived(this.hello.accepted(text));

		assertThat(received.get("text").asString()).isEqualTo(text);
	}

	@Test
	void whatCurlSendsWithoutATypeIsReceivedAsItIs() throws Exception {
		HttpResponse<String> response = this.hello.post("/messages?a=b", "application/x-www-form-urlencoded",
				"a+b=%41&c Hello World!");

		assertThat(response.statusCode()).isEqualTo(202);
		assertThat(awaitReceived(json(response).get("id").asString()).get("text").asString())
			.isEqualTo("a+b=%41&c Hello World!");
	}

	@Test
	void nothingIsSentIfTheAnswerIsNotAccepted() throws Exception {
		long receivedBefore = this.hello.received().size();

		HttpResponse<String> response = this.hello.send(this.hello.request("/messages")
			.header("Content-Type", "text/plain")
			.header("Accept", "image/png")
			.POST(BodyPublishers.ofString("x")));

		assertThat(response.statusCode()).isEqualTo(406);
		this.hello.stopAllReceivers();
		await().until(() -> queue("consumers") == 0);
		assertThat(queue("messages")).isZero();
		assertThat(this.hello.received()).hasSize((int) receivedBefore);
	}

	@Test
	void thePageAtTheRootLinksOnlyToWhatIsThere() throws Exception {
		HttpResponse<String> page = this.hello.get("/");

		assertThat(page.statusCode()).isEqualTo(200);
		assertThat(page.headers().firstValue("Content-Type"))
			.hasValueSatisfying((type) -> assertThat(type).startsWith("text/html"));
		List<String> links = Pattern.compile("href=\"(/[^\"]*)\"")
			.matcher(page.body())
			.results()
			.map((match) -> match.group(1))
			.toList();
		assertThat(links).contains("/swagger-ui.html", "/actuator/health");
		for (String link : links) {
			assertThat(this.hello.get(link).statusCode()).as(link).isIn(200, 302);
		}
	}

	@Test
	void theLargestTextIsReceived() throws Exception {
		String text = "x".repeat(64 * 1024);

		assertThat(awaitReceived(this.hello.accepted(text)).get("text").asString()).isEqualTo(text);
	}

	@Test
	void propertiesTravelWithTheMessage() throws Exception {
		HttpResponse<String> response = this.hello.postJson("/messages", """
				{"text":"x","properties":{"contentType":"text/html","priority":7,
				 "correlationId":"c","replyTo":"r","type":"t",
				 "headers":{"text":"\u2713","number":5,"fraction":0.5,"truth":true,"nothing":null,
				            "list":[1,"two"],"table":{"a":{"b":1}}}}}""");

		JsonNode properties = awaitReceived(json(response).get("id").asString()).get("properties");
		assertThat(properties.get("contentType").asString()).isEqualTo("text/html");
		assertThat(properties.get("priority").asInt()).isEqualTo(7);
		assertThat(properties.get("correlationId").asString()).isEqualTo("c");
		assertThat(properties.get("replyTo").asString()).isEqualTo("r");
		assertThat(properties.get("type").asString()).isEqualTo("t");
		JsonNode headers = properties.get("headers");
		assertThat(headers.get("text").asString()).isEqualTo("\u2713");
		assertThat(headers.get("number").asInt()).isEqualTo(5);
		assertThat(headers.get("fraction").asDouble()).isEqualTo(0.5);
		assertThat(headers.get("truth").asBoolean()).isTrue();
		assertThat(headers.get("list").toString()).isEqualTo("[1,\"two\"]");
		assertThat(headers.get("table").toString()).isEqualTo("{\"a\":{\"b\":1}}");
	}

	@Test
	void expirationIsTheTimeAMessageWaitsForAReceiver() throws Exception {
		String json = "{\"text\":\"x\",\"properties\":{\"expiration\":\"%s\"}}";

		HttpResponse<String> response = this.hello.postJson("/messages", json.formatted("60000"));

		assertThat(awaitReceived(json(response).get("id").asString()).get("properties").get("expiration").asString())
			.isEqualTo("60000");
		this.hello.stopAllReceivers();
		await().until(() -> queue("consumers") == 0);
		assertThat(this.hello.postJson("/messages", json.formatted("1")).statusCode()).isEqualTo(202);
		await().until(() -> queue("messages") == 0);
	}

	@ParameterizedTest
	@MethodSource
	void aBadMessageIsAProblemAndNothingIsSent(String json, int status, String field) throws Exception {
		long receivedBefore = this.hello.received().size();

		HttpResponse<String> response = this.hello.postJson("/messages", json);

		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(json(response).path("field").asString("")).isEqualTo(field);
		assertThat(response.body()).doesNotContain("\tat ", "dev.warren");
		assertThat(this.hello.received()).hasSize((int) receivedBefore);
	}

	static Stream<Arguments> aBadMessageIsAProblemAndNothingIsSent() {
		String properties = "{\"text\":\"x\",\"properties\":{%s}}";
		return Stream.of(arguments("not JSON", 400, ""), arguments("{}", 400, "text"),
				arguments("{\"text\":\"\"}", 400, "text"), arguments("{\"message\":\"x\"}", 400, "message"),
				arguments("{\"text\":\"" + "x".repeat(64 * 1024 + 1) + "\"}", 413, "text"),
				arguments(properties.formatted("\"priority\":256"), 400, "properties.priority"),
				arguments(properties.formatted("\"priority\":-1"), 400, "properties.priority"),
				arguments(properties.formatted("\"expiration\":\"soon\""), 400, "properties.expiration"),
				arguments(properties.formatted("\"expiration\":\"-1\""), 400, "properties.expiration"),
				arguments(properties.formatted("\"expiration\":\"9999999999\""), 400, "properties.expiration"),
				arguments(properties.formatted("\"deliveryMode\":2"), 400, "properties.deliveryMode"),
				arguments(properties.formatted("\"type\":\"" + "x".repeat(256) + "\""), 400, "properties.type"),
				arguments(properties.formatted("\"type\":\"\u2713\""), 400, "properties.type"),
				arguments(properties.formatted("\"replyTo\":\"amq.rabbitmq.reply-to\""), 400, "properties.replyTo"),
				arguments(properties.formatted("\"headers\":{\"CC\":[\"other\"]}"), 400, "properties.headers"),
				arguments(properties.formatted("\"headers\":{\"BCC\":1}"), 400, "properties.headers"),
				arguments(properties.formatted("\"headers\":{\"a\":1e999}"), 400, "properties.headers"),
				arguments(properties.formatted("\"headers\":{\"a\":\"" + "x".repeat(70_000) + "\"}"), 400,
						"properties.headers"),
				arguments(properties.formatted("\"headers\":[1]"), 400, "properties.headers"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "no body at all" })
	void anEmptyTextIsAProblem(String how) throws Exception {
		HttpResponse<String> response = how.isEmpty() ? this.hello.postText("/messages", "")
				: this.hello.post("/messages");

		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(json(response).get("field").asString()).isEqualTo("text");
	}

	@Test
	void receivedMessagesComeNewestFirstAndLimited() throws Exception {
		String first = this.hello.accepted("first");
		String second = this.hello.accepted("second");
		awaitReceived(first);
		awaitReceived(second);

		List<String> ids = this.hello.receivedIds();
		assertThat(ids.subList(0, 2)).containsExactly(second, first);
		assertThat(this.hello.list("/messages?limit=1")).hasSize(1);
		assertThat(this.hello.get("/messages?limit=0").statusCode()).isEqualTo(400);
	}

	@Test
	void aStreamShowsMessagesAsTheyAreReceived() throws Exception {
		HttpResponse<InputStream> response = this.hello.send(this.hello.request("/messages/stream"),
				BodyHandlers.ofInputStream());
		try (Scanner lines = new Scanner(response.body(), StandardCharsets.UTF_8)) {
			assertThat(response.headers().firstValue("Content-Type"))
				.hasValueSatisfying((type) -> assertThat(type).startsWith("text/event-stream"));
			String id = this.hello.accepted("streamed");

			String data = lines.findWithinHorizon("(?m)^data: .*$", 0);

			assertThat(data).contains(id, "\"text\":\"streamed\"");
		}
	}

	@Test
	void aMessageSentWhileNobodyListensIsDeliveredLater() throws Exception {
		this.hello.stopAllReceivers();
		await().until(() -> queue("consumers") == 0);

		String id = this.hello.accepted("for later");
		await().until(() -> queue("messages") == 1);
		assertThat(this.hello.receivedIds()).doesNotContain(id);
		String receiver = this.hello.startReceiver();

		assertThat(awaitReceived(id).get("receiver").asString()).isEqualTo(receiver);
		await().until(() -> queue("messages") == 0);
	}

	@Test
	void threeReceiversTakeTurns() throws Exception {
		this.hello.startReceiver();
		this.hello.startReceiver();
		await().until(() -> queue("consumers") == 3);

		List<String> ids = new ArrayList<>();
		for (int i = 0; i < 30; i++) {
			ids.add(this.hello.accepted("turn " + i));
		}

		await().until(() -> this.hello.receivedIds().containsAll(ids));
		Map<String, Integer> turns = new HashMap<>();
		for (JsonNode message : this.hello.received()) {
			if (ids.contains(message.path("id").asString(""))) {
				turns.merge(message.get("receiver").asString(), 1, Integer::sum);
			}
		}
		assertThat(turns).hasSize(3).allSatisfy((receiver, count) -> assertThat(count).isEqualTo(10));
		for (JsonNode receiver : this.hello.list("/receivers").subList(1, 3)) {
			assertThat(receiver.get("received").asLong()).isGreaterThanOrEqualTo(10);
			this.hello.stopReceiver(receiver.get("id").asString());
		}
	}

	@Test
	void stoppingReceiversUnderLoadLosesNothing() throws Exception {
		Set<String> ids = new HashSet<>();

		for (int i = 0; i < 200; i++) {
			ids.add(this.hello.accepted("under load " + i));
			if (i % 20 == 10) {
				String started = this.hello.startReceiver();
				String stopped = this.hello.list("/receivers").get(0).get("id").asString();
				this.hello.stopReceiver(stopped);
				assertThat(started).isNotEqualTo(stopped);
			}
		}

		await().until(() -> this.hello.receivedIds().containsAll(ids));
	}

	@Test
	void thereAreNoMoreReceiversThanAllowed() throws Exception {
		for (int i = 0; i < 4; i++) {
			this.hello.startReceiver();
		}

		HttpResponse<String> response = this.hello.post("/receivers");

		assertThat(response.statusCode()).isEqualTo(409);
		assertThat(json(response).get("detail").asString()).contains("warren.hello.max-receivers");
		this.hello.stopAllReceivers();
	}

	@Test
	void anUnknownReceiverCannotBeStopped() throws Exception {
		HttpResponse<String> response = this.hello.delete("/receivers/receiver-999");

		assertThat(response.statusCode()).isEqualTo(404);
		assertThat(json(response).get("field").asString()).isEqualTo("id");
	}

	@Test
	void aQueueThatWasDeletedIsDeclaredAgainAndTheMessageSent() throws Exception {
		this.hello.stopAllReceivers();
		this.broker.withChannel((channel) -> channel.queueDelete("hello"));

		String id = this.hello.accepted("to a queue that was gone");

		assertThat(queue("messages")).isOne();
		this.hello.startReceiver();
		awaitReceived(id);
	}

	@Test
	void aReceiverWhoseQueueIsDeletedComesBack() throws Exception {
		this.broker.withChannel((channel) -> channel.queueDelete("hello"));

		String id = this.hello.accepted("to a queue that comes back");

		awaitReceived(id);
	}

	@Test
	void aQueueThatWasDeletedIsShownEmpty() throws Exception {
		this.hello.stopAllReceivers();
		this.broker.withChannel((channel) -> channel.queueDelete("hello"));

		assertThat(queue("messages")).isZero();
		assertThat(queue("consumers")).isZero();
	}

	@Test
	void tutorialOnesSenderIsReceived() throws Exception {
		String text = "Hello from tutorial 1";
		this.broker.withChannel((channel) -> {
			declareHello(channel);
			channel.basicPublish("", "hello", null, text.getBytes(StandardCharsets.UTF_8));
		});

		await().until(() -> this.hello.received()
			.stream()
			.anyMatch((message) -> text.equals(message.get("text").asString())));

		JsonNode received = this.hello.list("/messages?limit=1").get(0);
		assertThat(received.path("id").isNull() || received.path("id").isMissingNode()).isTrue();
		assertThat(received.get("properties").isEmpty()).isTrue();
	}

	@Test
	void tutorialOnesReceiverReceives() throws Exception {
		this.hello.stopAllReceivers();
		await().until(() -> queue("consumers") == 0);
		BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
		this.broker.withChannel((channel) -> {
			declareHello(channel);
			channel.basicConsume("hello", true, (tag, delivery) -> deliveries.add(delivery), (tag) -> {
			});

			String id = this.hello.accepted("Hello World! \u2713");

			Delivery delivery = deliveries.poll(30, TimeUnit.SECONDS);
			assertThat(delivery).isNotNull();
			assertThat(new String(delivery.getBody(), StandardCharsets.UTF_8)).isEqualTo("Hello World! \u2713");
			assertThat(delivery.getProperties().getMessageId()).isEqualTo(id);
			assertThat(delivery.getEnvelope().getExchange()).isEmpty();
			assertThat(delivery.getEnvelope().getRoutingKey()).isEqualTo("hello");
		});
	}

	@Test
	void theStrangestMessagesAreReceivedOnce() throws Exception {
		Map<String, @Nullable Object> headers = new HashMap<>();
		headers.put("traceparent", 42);
		headers.put("tracestate", new byte[] { (byte) 0xff });
		headers.put("b3", List.of(1));
		headers.put("x-death", "never");
		headers.put("long", "x".repeat(5000));
		byte[] notUtf8 = { (byte) 0xff, (byte) 0xfe };
		this.broker.withChannel((channel) -> {
			channel.basicPublish("", "hello",
					new AMQP.BasicProperties.Builder().messageId("strangest")
						.contentType("\u2713/")
						.contentEncoding("no-such-encoding")
						.headers(headers)
						.build(),
					notUtf8);
			channel.basicPublish("", "hello", null, new byte[1024 * 1024]);
		});

		JsonNode received = awaitReceived("strangest");
		assertThat(received.get("text").asString()).isEqualTo("\ufffd\ufffd");
		assertThat(received.get("redelivered").asBoolean()).isFalse();
		awaitReceived(this.hello.accepted("after the strangest"));
	}

	@Test
	void traceContextTravelsFromTheCallerToTheMessage() throws Exception {
		String traceId = "0af7651916cd43dd8448eb211c80319c";
		HttpResponse<String> response = this.hello.send(this.hello.request("/messages")
			.header("Content-Type", "text/plain")
			.header("traceparent", "00-" + traceId + "-b7ad6b7169203331-01")
			.POST(BodyPublishers.ofString("traced")));

		JsonNode received = awaitReceived(json(response).get("id").asString());

		assertThat(received.get("properties").get("headers").get("traceparent").asString())
			.matches("00-" + traceId + "-(?!b7ad6b7169203331)[0-9a-f]{16}-01");
	}

	@Test
	void onlyHealthInfoAndPrometheusAreExposed() throws Exception {
		JsonNode links = json(this.hello.get("/actuator")).get("_links");

		assertThat(links.propertyNames()).containsExactlyInAnyOrder("self", "health", "health-path", "info",
				"prometheus");
		for (String hidden : List.of("env", "beans", "heapdump", "shutdown", "loggers", "metrics", "configprops")) {
			assertThat(this.hello.get("/actuator/" + hidden).statusCode()).as(hidden).isEqualTo(404);
		}
	}

	@Test
	void healthNamesTheBroker() throws Exception {
		JsonNode health = json(this.hello.get("/actuator/health/readiness"));

		assertThat(health.get("status").asString()).isEqualTo("UP");
		JsonNode details = health.get("components").get("broker").get("details");
		assertThat(details.get("product").asString()).isNotBlank();
		assertThat(details.get("version").asString()).isNotBlank();
		assertThat(details.get("address").asString()).endsWith(":" + this.broker.port());
		assertThat(this.hello.liveness()).isEqualTo(200);
	}

	@Test
	void prometheusCountsRequestsAndMessages() throws Exception {
		awaitReceived(this.hello.accepted("counted"));

		assertThat(this.hello.get("/actuator/prometheus").body()).contains("http_server_requests_seconds_count",
				"spring_rabbit_template_seconds_count", "spring_rabbit_listener_seconds_count",
				"warren_events_lost_total", "rabbitmq_acknowledged_published_total",
				"warren_queue_messages{application=\"hello-service\",queue=\"hello\"}",
				"warren_listeners{application=\"hello-service\",group=\"receiver\"}");
		assertThat(json(this.hello.get("/actuator/info")).get("java").get("version").asString()).isNotBlank();
	}

	@Test
	void prometheusGetsWhatEachVersionOfItAccepts() throws Exception {
		awaitReceived(this.hello.accepted("traced"));

		HttpResponse<String> meters = this.hello.send(this.hello.request("/actuator/prometheus")
			.header("Accept", "application/openmetrics-text;version=1.0.0"));

		assertThat(meters.body()).endsWith("\n# EOF\n");
		// Exemplars are for counters and buckets only; before 2.43 any other is an error.
		assertThat(meters.body().lines().filter((line) -> line.contains("_seconds_count{"))).isNotEmpty()
			.noneMatch((line) -> line.contains("trace_id"));
	}

	@Test
	void theApiIsDocumented() throws Exception {
		JsonNode api = json(this.hello.get("/v3/api-docs"));

		assertThat(api.get("info").get("title").asString()).isEqualTo("hello-service");
		assertThat(api.get("paths").propertyNames()).containsExactlyInAnyOrder("/messages", "/messages/stream",
				"/queue", "/receivers", "/receivers/{id}");
		HttpResponse<String> page = this.hello.get("/swagger-ui.html");
		assertThat(page.statusCode()).isIn(200, 302);
		HttpResponse<String> index = this.hello.get("/swagger-ui/index.html");
		assertThat(index.statusCode()).isEqualTo(200);
		assertThat(index.body()).contains("swagger-ui-bundle.js");
		assertThat(this.hello.get("/swagger-ui/swagger-ui-bundle.js").statusCode()).isEqualTo(200);
	}

	// Each edition's programs declare the queue as that edition of the service does.
	private static void declareHello(Channel channel) throws IOException {
		boolean current = BrokerUnderTest.isCurrentEdition();
		channel.queueDeclare("hello", current, false, false, current ? BrokerUnderTest.queueArguments() : null);
	}

	private JsonNode awaitReceived(String id) {
		return await().until(() -> this.hello.received()
			.stream()
			.filter((message) -> id.equals(message.path("id").asString("")))
			.findFirst()
			.orElse(null), (message) -> message != null);
	}

	private long queue(String field) throws Exception {
		return json(this.hello.get("/queue")).get(field).asLong();
	}

}
