package dev.warren.messaging.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Envelope;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.junit.EmbeddedBrokerTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.amqp.core.Message;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Messages from strangers, over a real broker.
 */
@EmbeddedBrokerTest
class ReceivedMessageTests {

	private final String queue = "queue-" + UUID.randomUUID();

	private final BlockingQueue<ReceivedMessage> received = new LinkedBlockingQueue<>();

	private final Connection connection;

	private final Channel channel;

	ReceivedMessageTests(EmbeddedBroker broker) throws Exception {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setUri(broker.uri());
		this.connection = factory.newConnection();
		this.channel = this.connection.createChannel();
	}

	@BeforeEach
	void consume() throws Exception {
		this.channel.queueDeclare(this.queue, false, false, false, null);
		StrangersPropertiesConverter converter = new StrangersPropertiesConverter();
		this.channel.basicConsume(this.queue, true, (tag, delivery) -> this.received
			.add(receive(delivery.getProperties(), delivery.getEnvelope(), delivery.getBody())), (tag) -> {
			});
	}

	@AfterEach
	void close() throws Exception {
		this.channel.queueDelete(this.queue);
		this.connection.close();
	}

	@Test
	void aMessageWithoutPropertiesHasNone() throws Exception {
		ReceivedMessage message = send(null, "Hello World!");

		assertThat(message.id()).isNull();
		assertThat(message.text()).isEqualTo("Hello World!");
		assertThat(message.size()).isEqualTo(12);
		assertThat(message.receiver()).isEqualTo("receiver-1");
		assertThat(message.redelivered()).isFalse();
		JsonNode json = json(message);
		assertThat(json.get("properties").isEmpty()).isTrue();
		assertThat(json.get("age").isNumber()).isTrue();
	}

	@Test
	void aMessageWithAllPropertiesShowsThem() {
		JsonNode json = json(receive(new AMQP.BasicProperties.Builder().contentType("text/html")
			.contentEncoding("gzip")
			.headers(Map.of("a", 1))
			.deliveryMode(2)
			.priority(9)
			.correlationId("correlation")
			.replyTo("replies")
			.expiration("60000")
			.messageId("id")
			.timestamp(new Date(1_700_000_000_000L))
			.type("greeting")
			.userId("guest")
			.appId("app")
			.clusterId("cluster")
			.build(), new Envelope(1, true, "", this.queue), new byte[0]));

		assertThat(json.get("id").asString()).isEqualTo("id");
		assertThat(json.get("redelivered").asBoolean()).isTrue();
		assertThat(json.get("properties")).isEqualTo(new JsonMapper().readTree("""
				{"contentType":"text/html","contentEncoding":"gzip","headers":{"a":1},"deliveryMode":2,"priority":9,
				 "correlationId":"correlation","replyTo":"replies","expiration":"60000","messageId":"id",
				 "timestamp":1700000000,"type":"greeting","userId":"guest","appId":"app","clusterId":"cluster"}"""));
	}

	@Test
	void bytesThatAreNotUtf8AreShown() throws Exception {
		ReceivedMessage message = send(null, new byte[] { 'a', (byte) 0xff, (byte) 0xc3, 'b' });

		assertThat(message.text()).isEqualTo("a\ufffd\ufffdb");
		assertThat(message.size()).isEqualTo(4);
	}

	@Test
	void anEmptyBodyIsAnEmptyText() throws Exception {
		assertThat(send(null, "").text()).isEmpty();
	}

	@Test
	void aDeliveryModeThatDoesNotExistIsLeftOut() {
		ReceivedMessage message = receive(new AMQP.BasicProperties.Builder().deliveryMode(7).messageId("seven").build(),
				new Envelope(1, false, "", "hello"), new byte[0]);

		assertThat(message.id()).isEqualTo("seven");
		assertThat(message.properties().deliveryMode()).isNull();
	}

	@Test
	void aLargeBodyIsCutOff() throws Exception {
		ReceivedMessage message = send(null, "x".repeat(1024 * 1024));

		assertThat(message.size()).isEqualTo(1024 * 1024);
		assertThat(message.text()).hasSize(64 * 1024);
	}

	@Test
	void headersOfAllKindsAreShown() throws Exception {
		Map<String, @Nullable Object> headers = new HashMap<>();
		headers.put("long", "x".repeat(2000));
		headers.put("bytes", "bytes".getBytes(StandardCharsets.UTF_8));
		headers.put("table", Map.of("list", List.of(1, "two", Map.of("three", 3))));
		headers.put("date", new Date(0));
		headers.put("number", 1.5);
		headers.put("truth", true);
		headers.put("nothing", null);
		headers.put("x-death", "not a list");
		headers.put("x-delay", "not a number");
		headers.put("retry-count", "not a number");

		JsonNode json = json(send(new AMQP.BasicProperties.Builder().headers(headers).build(), "x"));

		JsonNode shown = json.get("properties").get("headers");
		assertThat(shown.get("long").asString()).hasSize(2000);
		assertThat(shown.get("bytes").asString()).isEqualTo("bytes");
		assertThat(shown.get("table").toString()).isEqualTo("{\"list\":[1,\"two\",{\"three\":3}]}");
		assertThat(shown.get("number").asDouble()).isEqualTo(1.5);
		assertThat(shown.get("truth").asBoolean()).isTrue();
		assertThat(shown.has("date")).isTrue();
	}

	@Test
	void headersWhereTraceContextIsLookedForAreText() throws Exception {
		Map<String, @Nullable Object> headers = new HashMap<>();
		headers.put("traceparent", 42);
		headers.put("tracestate", "bytes".getBytes(StandardCharsets.UTF_8));
		headers.put("baggage", "x".repeat(2000));
		headers.put("X-B3-TraceId", Arrays.asList(1, 2));
		headers.put("b3", null);

		ReceivedMessage message = send(new AMQP.BasicProperties.Builder().headers(headers).build(), "x");

		assertThat(message.properties().headers()).containsEntry("traceparent", "42")
			.containsEntry("tracestate", "bytes")
			.containsEntry("baggage", "x".repeat(2000))
			.containsEntry("X-B3-TraceId", "[1, 2]");
	}

	@Test
	void itsSizeInMemoryCountsItsTextAndItsHeaders() throws Exception {
		ReceivedMessage small = send(null, "x");
		ReceivedMessage largeText = send(null, "x".repeat(10_000));
		ReceivedMessage largeHeaders = send(
				new AMQP.BasicProperties.Builder().headers(Map.of("a", List.of("x".repeat(100_000)))).build(), "x");

		assertThat(small.memorySize()).isLessThan(2000);
		assertThat(largeText.memorySize()).isGreaterThan(10_000);
		assertThat(largeHeaders.memorySize()).isGreaterThan(100_000);
	}

	private ReceivedMessage send(AMQP.@Nullable BasicProperties properties, String body) throws Exception {
		return send(properties, body.getBytes(StandardCharsets.UTF_8));
	}

	private ReceivedMessage send(AMQP.@Nullable BasicProperties properties, byte[] body) throws Exception {
		this.channel.basicPublish("", this.queue, properties, body);
		ReceivedMessage message = this.received.poll(30, TimeUnit.SECONDS);
		if (message == null) {
			throw new AssertionError("nothing received");
		}
		return message;
	}

	private static ReceivedMessage receive(AMQP.BasicProperties properties, Envelope envelope, byte[] body) {
		return ReceivedMessage.of(
				new Message(body,
						new StrangersPropertiesConverter().toMessageProperties(properties, envelope, "UTF-8")),
				"receiver-1");
	}

	private static JsonNode json(ReceivedMessage message) {
		JsonMapper mapper = new JsonMapper();
		return mapper.readTree(mapper.writeValueAsString(message));
	}

}
