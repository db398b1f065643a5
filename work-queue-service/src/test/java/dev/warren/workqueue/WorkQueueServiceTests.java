package dev.warren.workqueue;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.MessageProperties;
import dev.warren.test.BrokerUnderTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
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

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * The service on a {@linkplain BrokerUnderTest broker}, through its REST interface and
 * beside the tutorial's own programs. A dot is ten milliseconds. The service ends with
 * these tests, since on a broker that is not embedded it would take other tests' tasks.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "spring.config.name=work-queue-service", "warren.work.dot=10ms",
				"warren.work.max-duration=20s" })
@DirtiesContext
class WorkQueueServiceTests {

	// Works until its worker is stopped or crashes.
	private static final String LONG = ".".repeat(1900);

	private final WorkClient work;

	private final BrokerUnderTest broker;

	WorkQueueServiceTests(@LocalServerPort int port, @Autowired RabbitConnectionDetails broker) {
		this.work = new WorkClient(port);
		this.broker = BrokerUnderTest.at(broker.getFirstAddress().host(), broker.getFirstAddress().port());
	}

	@DynamicPropertySource
	static void broker(DynamicPropertyRegistry properties) {
		BrokerUnderTest.register(properties);
	}

	@BeforeEach
	void startWithTwoWorkersEmptyQueuesAndFairDispatch() throws Exception {
		this.broker.withChannel((channel) -> {
			channel.queuePurge("task_queue");
			for (String worker : this.work.workers("running")) {
				this.work.crash(worker);
			}
			for (String worker : this.work.workers("crashed")) {
				this.work.delete("/workers/" + worker);
			}
			await().until(() -> channel.consumerCount("task_queue") == 0);
			channel.queuePurge("task_queue");
			channel.queuePurge("task_dead_letters");
		});
		this.work.prefetch(1);
		startWorkers(2);
	}

	@Test
	void aTaskIsConfirmedWorkedOnAndDone() throws Exception {
		HttpResponse<String> response = this.work.postJson("/tasks", "{\"text\":\"Fifth message.....\"}");

		assertThat(response.statusCode()).isEqualTo(202);
		JsonNode submitted = WorkClient.json(response);
		String id = submitted.get("id").asString();
		assertThat(response.headers().firstValue("Location")).hasValue("/tasks/" + id);
		assertThat(submitted.get("state").asString()).isEqualTo("queued");
		assertThat(this.work.get("/tasks/" + id).statusCode()).isEqualTo(200);
		await().until(() -> this.work.state(id).equals("done"));
		JsonNode done = this.work.task(id);
		assertThat(done.get("text").asString()).isEqualTo("Fifth message.....");
		assertThat(done.get("worker").asString()).startsWith("worker-");
		assertThat(done.get("attempts").asInt()).isOne();
		assertThat(done.get("redeliveries").asInt()).isZero();
		assertThat(done.get("submittedAt").asString()).isEqualTo(submitted.get("submittedAt").asString());
		assertThat(done.get("finishedAt").asString()).isGreaterThan(done.get("startedAt").asString());
		assertThat(Instant.parse(done.get("startedAt").asString()))
			.isAfterOrEqualTo(Instant.parse(done.get("submittedAt").asString()));
		assertThat(this.work.list("/tasks?limit=1").get(0).get("id").asString()).isEqualTo(id);
	}

	@Test
	void tasksAttemptsWorkersAndDepthAreMeasured() throws Exception {
		double done = this.work.meter("warren_tasks_total", "outcome=\"done\"");
		double dead = this.work.meter("warren_tasks_total", "outcome=\"dead\"");
		double retries = this.work.meter("warren_tasks_retries_total", "");
		String good = this.work.submit("good");
		String bad = this.work.submit("!bad");
		await().until(() -> this.work.state(good).equals("done") && this.work.state(bad).equals("dead"));

		assertThat(this.work.meter("warren_tasks_total", "outcome=\"done\"")).isEqualTo(done + 1);
		assertThat(this.work.meter("warren_tasks_total", "outcome=\"dead\"")).isEqualTo(dead + 1);
		assertThat(this.work.meter("warren_tasks_retries_total", "")).isEqualTo(retries + 2);
		assertThat(this.work.meter("warren_listeners", "group=\"worker\"")).isEqualTo(2);

		stopWorkers();
		this.work.submit("waits");
		this.work.submit("waits, too");
		await().until(() -> this.work.meter("warren_queue_messages", "queue=\"task_queue\"") == 2);
		await().until(() -> this.work.meter("warren_queue_messages", "queue=\"task_dead_letters\"") == 1);
	}

	@Test
	void aTaskIsAPersistentPlainTextOnTheWire() throws Exception {
		stopWorkers();

		String id = this.work.submit("Second message..");

		this.broker.withChannel((channel) -> {
			var message = channel.basicGet("task_queue", true);
			assertThat(new String(message.getBody(), StandardCharsets.UTF_8)).isEqualTo("Second message..");
			assertThat(message.getProps().getDeliveryMode()).isEqualTo(2);
			assertThat(message.getProps().getContentType()).isEqualTo("text/plain");
			assertThat(message.getProps().getMessageId()).isEqualTo(id);
		});
	}

	@Test
	void aTaskWaitsForAWorker() throws Exception {
		stopWorkers();
		String id = this.work.submit("patient");
		assertThat(this.work.state(id)).isEqualTo("queued");

		this.work.startWorker();

		await().until(() -> this.work.state(id).equals("done"));
	}

	@Test
	void aTutorialsNewTaskIsDone() throws Exception {
		this.broker.withChannel((channel) -> {
			channel.queueDeclare("task_queue", true, false, false, BrokerUnderTest.queueArguments());
			channel.basicPublish("", "task_queue", MessageProperties.PERSISTENT_TEXT_PLAIN,
					"A very hard task which takes two seconds..".getBytes(StandardCharsets.UTF_8));
		});

		await().until(() -> this.work.list("/tasks")
			.stream()
			.anyMatch((task) -> task.get("text").asString().startsWith("A very hard task")
					&& task.get("state").asString().equals("done")));
	}

	@Test
	void aTutorialsWorkerGetsTasks() throws Exception {
		stopWorkers();
		BlockingQueue<String> received = new LinkedBlockingQueue<>();

		this.broker.withChannel((channel) -> {
			channel.queueDeclare("task_queue", true, false, false, BrokerUnderTest.queueArguments());
			channel.basicQos(1);
			channel.basicConsume("task_queue", false, (tag, delivery) -> {
				received.add(new String(delivery.getBody(), StandardCharsets.UTF_8));
				channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
			}, (tag) -> {
			});
			this.work.submit("First message.");

			assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("First message.");
		});
	}

	@Test
	void bytesThatAreNoTextAreATaskLikeAnother() throws Exception {
		this.broker.withChannel((channel) -> {
			channel.basicPublish("", "task_queue",
					new AMQP.BasicProperties.Builder().messageId("strange")
						.headers(Map.of("x-attempts", "many"))
						.build(),
					new byte[] { (byte) 0xff, (byte) 0xfe, '.' });
		});

		await().ignoreExceptions().untilAsserted(() -> assertThat(this.work.state("strange")).isEqualTo("done"));
	}

	@Test
	void aPoisonTaskIsADeadLetterAfterThreeAttempts() throws Exception {
		String id = this.work.submit("!boom.");

		await().until(() -> this.work.state(id).equals("dead"));
		List<JsonNode> letters = this.work.list("/dead-letters");
		assertThat(letters).hasSize(1);
		JsonNode letter = letters.get(0);
		assertThat(letter.get("id").asString()).isEqualTo(id);
		assertThat(letter.get("text").asString()).isEqualTo("!boom.");
		assertThat(letter.get("state").asString()).isEqualTo("dead");
		assertThat(letter.get("attempts").asInt()).isEqualTo(3);
		assertThat(letter.get("redeliveries").asInt()).isZero();
		assertThat(letter.get("error").asString()).contains("begins with '!'");
		assertThat(letter.get("finishedAt").asString()).endsWith("Z");
	}

	@Test
	void theTraceOfATaskGoesOnAsFarAsTheDeadLetters() throws Exception {
		String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
		HttpResponse<String> response = this.work.send(this.work.request("/tasks")
			.header("Content-Type", "text/plain")
			.header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
			.POST(BodyPublishers.ofString("!traced")));
		String id = WorkClient.json(response).get("id").asString();
		await().until(() -> this.work.state(id).equals("dead"));

		this.broker.withChannel((channel) -> {
			var letter = channel.basicGet("task_dead_letters", true);
			assertThat(letter.getProps().getHeaders().get("traceparent")).asString().contains(trace);
		});
	}

	@Test
	void everyTaskIsObserved() throws Exception {
		long before = observations();

		awaitDone(List.of(this.work.submit("one"), this.work.submit("another"), this.work.submit("a third.")));

		await().until(() -> observations() >= before + 3);
	}

	private long observations() throws Exception {
		return this.work.get("/actuator/prometheus")
			.body()
			.lines()
			.filter((line) -> line.startsWith("spring_rabbit_listener_seconds_count"))
			.mapToLong((line) -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
			.sum();
	}

	@Test
	void theServiceTellsWhatItIs() throws Exception {
		JsonNode build = WorkClient.json(this.work.get("/actuator/info")).get("build");

		assertThat(build.get("artifact").asString()).isEqualTo("work-queue-service");
	}

	@Test
	void aTaskThatKillsItsWorkersComesAgainAndACrashIsNoAttempt() throws Exception {
		startWorkers(4);
		String id = this.work.submit(LONG);
		for (int redeliveries = 0; redeliveries < 3; redeliveries++) {
			this.work.crash(awaitBegun(id, redeliveries));
		}

		awaitBegun(id, 3);

		assertThat(this.work.task(id).get("attempts").asInt()).isOne();
		assertThat(this.work.deadLetters()).isEmpty();
	}

	@Test
	void tasksACrashedWorkerHadOnlyPrefetchedAreDone() throws Exception {
		stopWorkers();
		this.work.prefetch(100);
		String killer = this.work.submit(LONG);
		List<String> innocent = ids(this.work.submit(Collections.nCopies(20, "innocent")));
		for (int redeliveries = 0; redeliveries < 3; redeliveries++) {
			this.work.startWorker();
			this.work.crash(awaitBegun(killer, redeliveries));
		}
		this.work.prefetch(1);
		startWorkers(2);

		awaitDone(innocent);
		assertThat(this.work.deadLetters()).isEmpty();
	}

	@Test
	void aDeadLetterIsReplayedFromItsFirstAttempt() throws Exception {
		String id = this.work.submit("!again");
		await().until(() -> this.work.state(id).equals("dead"));
		stopWorkers();

		HttpResponse<String> response = this.work.post("/dead-letters/" + id + "/replay");

		assertThat(response.statusCode()).isEqualTo(202);
		assertThat(response.headers().firstValue("Location")).hasValue("/tasks/" + id);
		assertThat(this.work.deadLetters()).isEmpty();
		JsonNode replayed = this.work.task(id);
		assertThat(replayed.get("state").asString()).isEqualTo("queued");
		assertThat(replayed.get("attempts").asInt()).isZero();
		assertThat(replayed.get("replays").asInt()).isOne();
		startWorkers(1);
		await().until(() -> this.work.state(id).equals("dead"));
		assertThat(this.work.list("/dead-letters").get(0).get("attempts").asInt()).isEqualTo(3);
	}

	@Test
	void aStrangersDeadLetterIsReplayedWhateverItsId() throws Exception {
		stopWorkers();
		this.broker.withChannel((channel) -> {
			channel.basicPublish("", "task_dead_letters",
					new AMQP.BasicProperties.Builder().messageId("no. 1 \u00e4 %").build(),
					"strange".getBytes(StandardCharsets.UTF_8));
		});

		HttpResponse<String> response = this.work.post("/dead-letters/no.%201%20%C3%A4%20%25/replay");

		assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
		assertThat(response.headers().firstValue("Location")).hasValue("/tasks/no.%201%20%C3%A4%20%25");
		assertThat(this.work.state("no.%201%20%C3%A4%20%25")).isEqualTo("queued");
	}

	@Test
	void aDeadLetterIsDropped() throws Exception {
		String kept = this.work.submit("!kept");
		String dropped = this.work.submit("!dropped");
		await().until(() -> this.work.deadLetters().size() == 2);

		assertThat(this.work.delete("/dead-letters/" + dropped).statusCode()).isEqualTo(204);

		assertThat(this.work.deadLetters()).containsExactly(kept);
		assertThat(this.work.delete("/dead-letters/" + dropped).statusCode()).isEqualTo(404);
	}

	@Test
	void aQueueOfDeadLettersThatSomebodyDeletedIsDeclaredAgain() throws Exception {
		this.broker.withoutQueues("task_dead_letters");
		assertThat(this.work.list("/dead-letters")).isEmpty();
		this.broker.withoutQueues("task_dead_letters");
		assertThat(this.work.delete("/dead-letters/none").statusCode()).isEqualTo(404);
		this.broker.withoutQueues("task_dead_letters");
		assertThat(this.work.post("/dead-letters/none/replay").statusCode()).isEqualTo(404);
		this.broker.withoutQueues("task_dead_letters");
		assertThat(this.work.delete("/dead-letters").statusCode()).isEqualTo(204);

		this.broker.withChannel((channel) -> channel.queueDeclarePassive("task_dead_letters"));
	}

	@Test
	void lookingAtDeadLettersLeavesThemWhereTheyAre() throws Exception {
		List<String> ids = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			ids.add(0, this.work.submit("!" + i));
			int count = ids.size();
			await().until(() -> this.work.deadLetters().size() == count);
		}

		for (int i = 0; i < 25; i++) {
			assertThat(this.work.deadLetters()).containsExactlyElementsOf(ids);
		}

		assertThat(this.work.list("/dead-letters?limit=2")).hasSize(2);
	}

	@Test
	void aTaskOfACrashedWorkerGoesToAnotherWorker() throws Exception {
		String id = this.work.submit(".".repeat(300));
		String crashed = awaitBegun(id, 0);

		this.work.crash(crashed);

		awaitDone(List.of(id));
		JsonNode task = this.work.task(id);
		assertThat(task.get("worker").asString()).isNotEqualTo(crashed);
		assertThat(task.get("attempts").asInt()).isOne();
		assertThat(task.get("redeliveries").asInt()).isOne();
		assertThat(this.work.workers("crashed")).containsExactly(crashed);
		assertThat(this.work.post("/workers/" + crashed + "/crash").statusCode()).isEqualTo(404);
	}

	@Test
	void ofAThousandTasksAndFiftyCrashesNoTaskIsLost() throws Exception {
		this.work.prefetch(10);
		List<String> ids = ids(this.work.submit(Collections.nCopies(1000, "..")));
		for (int i = 0; i < 50; i++) {
			// At work, while there is any.
			String oldest = this.work.workers("running").get(0);
			this.work.startWorker();
			this.work.crash(oldest);
		}

		awaitDone(ids);
		await().untilAsserted(() -> assertThat(queue("messages")).isZero());
		assertThat(this.work.deadLetters()).isEmpty();
		assertThat(this.work.list("/tasks?limit=1000"))
			.anySatisfy((task) -> assertThat(task.get("redeliveries").asInt()).isPositive());
	}

	@Test
	void aStoppedWorkerFinishesItsTaskAndTakesNoOther() throws Exception {
		stopWorkers();
		String worker = this.work.startWorker();
		String held = this.work.submit(".".repeat(400));
		assertThat(awaitBegun(held, 0)).isEqualTo(worker);
		String waiting = this.work.submit("waiting");

		assertThat(this.work.delete("/workers/" + worker).statusCode()).isEqualTo(204);

		await().until(() -> this.work.list("/workers").isEmpty());
		assertThat(this.work.state(held)).isEqualTo("done");
		assertThat(this.work.task(held).get("attempts").asInt()).isOne();
		assertThat(this.work.state(waiting)).isEqualTo("queued");
	}

	@Test
	void withAPrefetchOfOneTheFastWorkerDoesMost() throws Exception {
		Map<String, Integer> done = shareOut(1);

		assertThat(Collections.max(done.values())).isGreaterThanOrEqualTo(15);
	}

	@Test
	void withALargePrefetchTheFastWorkerStarves() throws Exception {
		Map<String, Integer> done = shareOut(250);

		assertThat(done.values()).allSatisfy((count) -> assertThat(count).isBetween(9, 11));
	}

	/**
	 * Twenty tasks for two workers, one of which is slow: its first task takes longer
	 * than all others together.
	 * @return how many tasks each worker did
	 */
	private Map<String, Integer> shareOut(int prefetch) throws Exception {
		stopWorkers();
		this.work.prefetch(prefetch);
		startWorkers(2);
		List<String> texts = new ArrayList<>(Collections.nCopies(20, "fast."));
		texts.set(0, "slow" + ".".repeat(400));
		List<String> ids = ids(this.work.submit(texts));
		awaitDone(ids);
		Map<String, Integer> done = new HashMap<>();
		for (String id : ids) {
			done.merge(this.work.task(id).get("worker").asString(), 1, Integer::sum);
		}
		return done;
	}

	@RepeatedTest(5)
	void idleWorkersConsumeWhenAChangedPrefetchIsAnswered() throws Exception {
		this.work.prefetch(250);

		this.broker.withChannel((channel) -> assertThat(channel.consumerCount("task_queue")).isEqualTo(2));
	}

	@Test
	void aChangedPrefetchIsAnsweredWhileAWorkerIsBusy() throws Exception {
		String held = this.work.submit(LONG);
		awaitBegun(held, 0);

		this.work.prefetch(250);

		// A quorum queue also counts a cancelled consumer that still has a task.
		this.broker.withChannel((channel) -> assertThat(channel.consumerCount("task_queue")).isPositive());
		assertThat(this.work.state(held)).isEqualTo("working");
	}

	@Test
	void aChangedPrefetchTakesEffectOnTasksAlreadyDealtOut() throws Exception {
		stopWorkers();
		this.work.prefetch(250);
		String busy = this.work.startWorker();
		String held = this.work.submit(LONG);
		assertThat(awaitBegun(held, 0)).isEqualTo(busy);
		List<String> hoarded = ids(this.work.submit(Collections.nCopies(20, "hoarded")));
		this.work.startWorker();

		this.work.prefetch(1);

		awaitDone(hoarded);
		for (String id : hoarded) {
			assertThat(this.work.task(id).get("attempts").asInt()).isOne();
		}
		assertThat(this.work.state(held)).isEqualTo("working");
		assertThat(WorkClient.json(this.work.get("/dispatch")).get("prefetch").asInt()).isOne();
	}

	@ParameterizedTest
	@ValueSource(strings = { "individual", "batch", "async" })
	void aBatchTellsWhatWasConfirmed(String confirm) throws Exception {
		HttpResponse<String> response = this.work.postJson("/tasks/batch?confirm=" + confirm,
				WorkClient.toJson(IntStream.range(0, 1234).mapToObj((i) -> "task " + i).toList()));

		assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
		JsonNode receipt = WorkClient.json(response);
		assertThat(receipt.get("confirm").asString()).isEqualTo(confirm);
		assertThat(receipt.get("tasks").asInt()).isEqualTo(1234);
		assertThat(receipt.get("confirmed").asInt()).isEqualTo(1234);
		assertThat(receipt.get("unconfirmed")).isEmpty();
		assertThat(receipt.get("elapsedMs").asDouble()).isPositive();
		assertThat(receipt.get("ratePerSecond").asLong()).isPositive();
		List<String> ids = ids(receipt);
		assertThat(this.work.task(ids.get(1233)).get("text").asString()).isEqualTo("task 1233");
		awaitDone(ids);
	}

	@Test
	void aBatchMayBeNewlineDelimitedAndMixTextsAndObjects() throws Exception {
		HttpResponse<String> response = this.work.post("/tasks/batch", "application/x-ndjson",
				"\"one\"\n{\"text\":\"two\"}\n\n\"three\"");

		assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
		List<String> ids = ids(WorkClient.json(response));
		assertThat(ids).hasSize(3);
		assertThat(this.work.task(ids.get(1)).get("text").asString()).isEqualTo("two");
	}

	@Test
	void aBatchOfTenThousandIsDone() throws Exception {
		this.work.prefetch(100);

		JsonNode receipt = this.work.submit(Collections.nCopies(10_000, "x"));

		assertThat(receipt.get("confirmed").asInt()).isEqualTo(10_000);
		await().atMost(3, TimeUnit.MINUTES).until(() -> queue("messages") == 0);
	}

	@ParameterizedTest
	@MethodSource
	void aBatchWithABadElementNamesItAndSendsNothing(String body, int status, String field) throws Exception {
		stopWorkers();

		HttpResponse<String> response = this.work.post("/tasks/batch",
				body.startsWith("[") ? "application/json" : "application/x-ndjson", body);

		assertProblem(response, status, field);
		assertThat(queue("messages")).isZero();
	}

	static Stream<Arguments> aBatchWithABadElementNamesItAndSendsNothing() {
		return Stream.of(arguments("\"a\"\n\"\"", 400, "[1]"), arguments("\"a\"\n\"b\"\n7", 400, "[2]"),
				arguments("\"a\"\nnull", 400, "[1]"), arguments("\"a\"\n{\"txt\":\"b\"}", 400, "[1]"),
				arguments("\"a\"\n{\"text\":\"b\",\"id\":1}", 400, "[1]"), arguments("\"a\"\n[\"b\"]", 400, "[1]"),
				arguments("\"a\"\n\"b\"\n{\"text\":", 400, "[2]"), arguments("\"a\"\nb", 400, "[1]"),
				arguments("\"a\"\n\"" + "x".repeat(64 * 1024 + 1) + "\"", 413, "[1]"),
				arguments("\"a\"\n\"" + ".".repeat(2001) + "\"", 400, "[1]"), arguments("", 400, null),
				arguments("\"a\"\n".repeat(10_001), 413, null), arguments("\"a\"\n" + "9".repeat(2000), 400, "[1]"),
				arguments("\"a\"\n{\"text\":\"b\",\"text\":\"c\"}", 400, "[1]"),
				arguments("\"a\"\n{\"text\":" + "[".repeat(1000), 400, "[1]"),
				arguments("\"a\"\n\"\\ud800\"", 400, "[1]"), arguments("[\"a\",\"\"]", 400, "[1]"),
				arguments("[\"a\",", 400, "[1]"), arguments("[\"a\"", 400, "[1]"), arguments("[]", 400, null),
				arguments("[\"a\"] \"b\"", 400, null), arguments("[\"a\"]]", 400, "[1]"),
				arguments("[" + "\"a\",".repeat(10_000) + "\"a\"]", 413, null));
	}

	@ParameterizedTest
	@MethodSource
	void aBadRequestIsAProblem(String method, String path, @Nullable String body, int status, @Nullable String field)
			throws Exception {
		stopWorkers();

		HttpResponse<String> response = switch (method) {
			case "GET" -> this.work.get(path);
			case "PUT" -> this.work.putJson(path, String.valueOf(body));
			case "DELETE" -> this.work.delete(path);
			default -> (body != null) ? this.work.postJson(path, body) : this.work.post(path);
		};

		assertProblem(response, status, field);
		assertThat(queue("messages")).isZero();
	}

	static Stream<Arguments> aBadRequestIsAProblem() {
		return Stream.of(arguments("POST", "/tasks", "{}", 400, "text"),
				arguments("POST", "/tasks", "{\"text\":\"\"}", 400, "text"),
				arguments("POST", "/tasks", "{\"text\":5}", 400, "text"),
				arguments("POST", "/tasks", "{\"txt\":\"x\"}", 400, "txt"),
				arguments("POST", "/tasks", "{\"text\":\"" + ".".repeat(2001) + "\"}", 400, "text"),
				arguments("POST", "/tasks", "{\"text\":\"" + "x".repeat(64 * 1024 + 1) + "\"}", 413, "text"),
				arguments("POST", "/tasks/batch?confirm=never", "[\"x\"]", 400, "confirm"),
				arguments("POST", "/tasks/batch", "[]", 400, null),
				arguments("POST", "/tasks/batch", "\"x\"", 400, null),
				arguments("POST", "/tasks/batch", "{\"text\":\"x\"}", 400, null),
				arguments("POST", "/tasks/batch", "", 400, null), arguments("GET", "/tasks/none", null, 404, "id"),
				arguments("GET", "/tasks?limit=0", null, 400, "limit"),
				arguments("DELETE", "/workers/worker-0", null, 404, "id"),
				arguments("POST", "/workers/worker-0/crash", null, 404, "id"),
				arguments("POST", "/dead-letters/none/replay", null, 404, "id"),
				arguments("DELETE", "/dead-letters/none", null, 404, "id"),
				arguments("PUT", "/dispatch", "{\"prefetch\":-1}", 400, "prefetch"),
				arguments("PUT", "/dispatch", "{\"prefetch\":1001}", 400, "prefetch"),
				arguments("PUT", "/dispatch", "{\"prefetch\":\"x\"}", 400, "prefetch"),
				arguments("PUT", "/dispatch", "{}", 400, "prefetch"));
	}

	private static void assertProblem(HttpResponse<String> response, int status, @Nullable String field) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		JsonNode problem = WorkClient.json(response);
		assertThat(problem.path("field").asString("")).isEqualTo((field != null) ? field : "");
		assertThat(problem.get("type").asString()).startsWith("urn:warren:problem:");
	}

	private void startWorkers(int count) throws Exception {
		for (int i = 0; i < count; i++) {
			this.work.startWorker();
		}
		int running = this.work.workers("running").size();
		await().until(() -> queue("consumers") == running);
	}

	private void stopWorkers() throws Exception {
		for (String worker : this.work.workers("running")) {
			this.work.delete("/workers/" + worker);
		}
		await().until(() -> this.work.workers("running").isEmpty() && queue("consumers") == 0);
	}

	private void awaitDone(List<String> ids) {
		this.work.awaitDone(ids);
	}

	private String awaitBegun(String id, int redeliveries) {
		return await()
			.until(() -> this.work.task(id),
					(task) -> task.get("state").asString().equals("working")
							&& task.get("redeliveries").asInt() == redeliveries)
			.get("worker")
			.asString();
	}

	private static List<String> ids(JsonNode receipt) {
		return WorkClient.ids(receipt);
	}

	private long queue(String what) throws Exception {
		return what.equals("messages") ? this.broker.messages("task_queue") : this.broker.consumers("task_queue");
	}

}
