package dev.warren.rpc;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import dev.warren.broker.EmbeddedBroker;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The RPC service on an embedded broker, through its REST interface and beside other
 * programs.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "spring.config.name=rpc-service", "warren.rpc.timeout=10s" })
class RpcServiceTests {

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final JsonMapper jsonMapper = new JsonMapper();

	private final String url;

	private final Connection connection;

	private final Channel channel;

	private final CachingConnectionFactory connectionFactory;

	RpcServiceTests(@LocalServerPort int port, @Autowired EmbeddedBroker broker,
			@Autowired CachingConnectionFactory connectionFactory) throws Exception {
		this.connectionFactory = connectionFactory;
		this.url = "http://127.0.0.1:" + port;
		ConnectionFactory factory = new ConnectionFactory();
		factory.setUri(broker.uri());
		this.connection = factory.newConnection();
		this.channel = this.connection.createChannel();
	}

	@BeforeEach
	void oneServer() throws Exception {
		await().until(() -> get("/actuator/health/readiness").statusCode() == 200);
		servers(1);
	}

	@AfterEach
	void close() throws Exception {
		this.connection.close();
	}

	@ParameterizedTest
	@CsvSource({ "0, 0", "1, 1", "30, 832040" })
	void aNumberIsAnsweredOverAmqp(int n, String value) throws Exception {
		HttpResponse<String> response = get("/fibonacci/" + n);

		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		JsonNode answer = json(response);
		assertThat(answer.get("n").asInt()).isEqualTo(n);
		assertThat(answer.get("value").asString()).isEqualTo(value);
		assertThat(answer.get("correlationId").asString()).isNotEmpty();
		assertThat(answer.get("server").asString()).startsWith("server-");
		assertThat(answer.get("elapsedMs").asDouble()).isPositive();
	}

	@Test
	void theLargestNumberComesWhole() throws Exception {
		JsonNode answer = json(get("/fibonacci/100000"));

		assertThat(answer.get("value").asString())
			.isEqualTo(Fibonacci.ITERATIVE.compute(Fibonacci.MAX_N, () -> false).toString());
	}

	@Test
	void aBatchIsAnsweredInItsOrder() throws Exception {
		List<Integer> numbers = IntStream.range(0, 1000).map((i) -> 999 - i).boxed().toList();

		HttpResponse<String> response = post("/fibonacci/batch", numbers.toString());

		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		List<Integer> answered = new ArrayList<>();
		for (JsonNode answer : json(response)) {
			answered.add(answer.get("n").asInt());
			assertThat(answer.get("value").asString())
				.isEqualTo(Fibonacci.ITERATIVE.compute(answer.get("n").asInt(), () -> false).toString());
		}
		assertThat(answered).isEqualTo(numbers);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "100001", "ten", "1.5", "99999999999" })
	void whatIsNoIndexIsABadRequest(String n) throws Exception {
		HttpResponse<String> response = get("/fibonacci/" + n);

		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(json(response).get("field").asString()).isEqualTo("n");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "[1,2,-3]|400|[2]", "[1,null]|400|[1]", "[1,\"x\"]|400|[1]", "{}|400|",
			"[1.5]|400|[0]", "nonsense|400|" })
	void aBadElementOfABatchIsNamedAndNothingIsAsked(String batch, int status, String field) throws Exception {
		HttpResponse<String> response = post("/fibonacci/batch", batch);

		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		assertThat(json(response).path("field").asString("")).isEqualTo(Objects.requireNonNullElse(field, ""));
	}

	@Test
	void aBatchOfMoreThanAThousandIsTooLarge() throws Exception {
		assertThat(post("/fibonacci/batch", IntStream.rangeClosed(0, 1000).boxed().toList().toString()).statusCode())
			.isEqualTo(413);
	}

	@Test
	void theTutorialsClientIsAnswered() throws Exception {
		this.channel.queueDeclare("rpc_queue", false, false, false, null);
		String replyQueue = this.channel.queueDeclare("", false, true, false, null).getQueue();

		Delivery reply = call("30", replyQueue, "c-1");

		assertThat(new String(reply.getBody(), StandardCharsets.UTF_8)).isEqualTo("832040");
		assertThat(reply.getProperties().getCorrelationId()).isEqualTo("c-1");
	}

	@Test
	void theTutorialsServerAnswers() throws Exception {
		servers(0);
		this.channel.queueDeclare("rpc_queue", false, false, false, null);
		this.channel.basicQos(1);
		this.channel.basicConsume("rpc_queue", false, (tag, request) -> {
			this.channel.basicPublish("", request.getProperties().getReplyTo(),
					new AMQP.BasicProperties.Builder().correlationId(request.getProperties().getCorrelationId())
						.build(),
					"832040".getBytes(StandardCharsets.UTF_8));
			this.channel.basicAck(request.getEnvelope().getDeliveryTag(), false);
		}, (tag) -> {
		});

		JsonNode answer = json(get("/fibonacci/30"));

		assertThat(answer.get("value").asString()).isEqualTo("832040");
		assertThat(answer.has("server")).isFalse();
	}

	@Test
	void strangeRequestsAreDroppedOrAnsweredWithAnErrorAndTheServerLivesOn() throws Exception {
		String replyQueue = this.channel.queueDeclare("", false, true, false, null).getQueue();
		this.channel.basicPublish("", "rpc_queue", null, "30".getBytes(StandardCharsets.UTF_8));
		this.channel.basicPublish("", "rpc_queue", null, new byte[0]);

		Delivery noNumber = call("thirty", replyQueue, "c-2");
		Delivery bytes = call("\u0000\uFFFF", replyQueue, "c-3");
		Delivery tooLarge = call("100001", replyQueue, "c-4");
		Delivery noCorrelationId = call("7", replyQueue, null);

		assertThat(header(noNumber, "x-error")).isEqualTo("INVALID_REQUEST");
		assertThat(header(bytes, "x-error")).isEqualTo("INVALID_REQUEST");
		assertThat(header(tooLarge, "x-error")).isEqualTo("INVALID_REQUEST");
		assertThat(new String(noCorrelationId.getBody(), StandardCharsets.UTF_8)).isEqualTo("13");
		assertThat(get("/fibonacci/10").statusCode()).isEqualTo(200);
	}

	@Test
	void lateAndUnknownRepliesAreCountedAndDropped() throws Exception {
		long discarded = replies().get("discarded").asLong();
		servers(0);
		String[] replyTo = new String[1];
		this.channel.basicConsume("rpc_queue", true, (tag, request) -> {
			replyTo[0] = request.getProperties().getReplyTo();
			AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
				.correlationId(request.getProperties().getCorrelationId())
				.build();
			this.channel.basicPublish("", replyTo[0], null, "0".getBytes(StandardCharsets.UTF_8));
			this.channel.basicPublish("", replyTo[0],
					new AMQP.BasicProperties.Builder().correlationId("unknown").build(),
					"0".getBytes(StandardCharsets.UTF_8));
			this.channel.basicPublish("", replyTo[0], properties, "55".getBytes(StandardCharsets.UTF_8));
			this.channel.basicPublish("", replyTo[0], properties, "56".getBytes(StandardCharsets.UTF_8));
		}, (tag) -> {
		});

		assertThat(json(get("/fibonacci/10")).get("value").asString()).isEqualTo("55");

		await().untilAsserted(() -> assertThat(replies().get("discarded").asLong()).isEqualTo(discarded + 3));
	}

	@Test
	void aLostReplyQueueFailsTheCallsUnderWayAndTheNextCallWorks() throws Exception {
		servers(0);
		BlockingQueue<String> replyQueues = new LinkedBlockingQueue<>();
		String consumer = this.channel.basicConsume("rpc_queue", true,
				(tag, request) -> replyQueues.add(request.getProperties().getReplyTo()), (tag) -> {
				});
		CompletableFuture<HttpResponse<String>> underWay = this.http.sendAsync(request("/fibonacci/10").build(),
				HttpResponse.BodyHandlers.ofString());
		String replyQueue = replyQueues.poll(10, TimeUnit.SECONDS);
		assertThat(replyQueue).isNotEmpty();
		this.channel.basicCancel(consumer);

		// It goes with its connection.
		this.connectionFactory.resetConnection();

		assertThat(underWay.get(15, TimeUnit.SECONDS).statusCode()).isIn(503, 504);
		servers(1);
		await().untilAsserted(() -> assertThat(get("/fibonacci/10").statusCode()).isEqualTo(200));
	}

	@Test
	void everyCallIsAnsweredRightlyOrWithAnErrorWhileServersCrash() throws Exception {
		servers(3);
		int calls = Integer.getInteger("warren.test.rpc-calls", 1000);
		Map<Integer, Integer> statuses = new ConcurrentHashMap<>();
		AtomicInteger wrong = new AtomicInteger();
		AtomicInteger next = new AtomicInteger();
		AtomicBoolean done = new AtomicBoolean();
		ExecutorService callers = Executors.newFixedThreadPool(65);
		Semaphore crashes = new Semaphore(0);
		callers.submit(() -> {
			while (!done.get()) {
				for (JsonNode server : json(get("/servers"))) {
					post("/servers/" + server.get("id").asString() + "/crash", "");
					crashes.release();
					if (done.get()) {
						break;
					}
				}
			}
			return null;
		});
		List<CompletableFuture<Void>> all = new ArrayList<>();
		for (int caller = 0; caller < 64; caller++) {
			all.add(CompletableFuture.runAsync(() -> {
				for (int i = next.getAndIncrement(); i < calls; i = next.getAndIncrement()) {
					call(i % 300, statuses, wrong);
				}
			}, callers));
		}
		CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).get(5, TimeUnit.MINUTES);
		done.set(true);
		callers.shutdown();

		assertThat(wrong).hasValue(0);
		assertThat(crashes.availablePermits()).isPositive();
		assertThat(statuses.keySet()).isSubsetOf(200, 502, 503, 504);
		assertThat(statuses.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(calls);
		assertThat(statuses.getOrDefault(200, 0)).isPositive();
	}

	private void call(int n, Map<Integer, Integer> statuses, AtomicInteger wrong) {
		try {
			HttpResponse<String> response = get("/fibonacci/" + n);
			statuses.merge(response.statusCode(), 1, Integer::sum);
			if (response.statusCode() == 200 && !json(response).get("value")
				.asString()
				.equals(Fibonacci.ITERATIVE.compute(n, () -> false).toString())) {
				wrong.incrementAndGet();
			}
		}
		catch (Exception ex) {
			wrong.incrementAndGet();
		}
	}

	private Delivery call(String body, String replyQueue, @Nullable String correlationId) throws Exception {
		BlockingQueue<Delivery> replies = new LinkedBlockingQueue<>();
		String consumer = this.channel.basicConsume(replyQueue, true, (tag, reply) -> replies.add(reply), (tag) -> {
		});
		this.channel.basicPublish("", "rpc_queue",
				new AMQP.BasicProperties.Builder().replyTo(replyQueue).correlationId(correlationId).build(),
				body.getBytes(StandardCharsets.UTF_8));
		Delivery reply = replies.poll(20, TimeUnit.SECONDS);
		assertThat(reply).as("a reply to " + body).isNotNull();
		this.channel.basicCancel(consumer);
		return Objects.requireNonNull(reply);
	}

	private static String header(Delivery reply, String name) {
		return String.valueOf(reply.getProperties().getHeaders().get(name));
	}

	private void servers(int count) throws Exception {
		List<String> ids = new ArrayList<>();
		json(get("/servers")).forEach((server) -> ids.add(server.get("id").asString()));
		for (; ids.size() < count; ids.add("")) {
			assertThat(post("/servers", "").statusCode()).isEqualTo(201);
		}
		for (String id : ids.subList(count, ids.size())) {
			assertThat(
					this.http.send(request("/servers/" + id).DELETE().build(), HttpResponse.BodyHandlers.discarding())
						.statusCode())
				.isEqualTo(204);
		}
		await().until(() -> this.channel.queueDeclarePassive("rpc_queue").getConsumerCount() == count);
	}

	private JsonNode replies() throws Exception {
		return json(get("/replies"));
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create(this.url + path)).header("Content-Type", "application/json");
	}

	private HttpResponse<String> get(String path) throws Exception {
		return this.http.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
	}

	private HttpResponse<String> post(String path, String body) throws Exception {
		return this.http.send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
				HttpResponse.BodyHandlers.ofString());
	}

	private JsonNode json(HttpResponse<String> response) {
		return this.jsonMapper.readTree(response.body());
	}

}
