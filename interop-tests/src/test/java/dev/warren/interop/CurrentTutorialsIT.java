package dev.warren.interop;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import com.jayway.jsonpath.JsonPath;
import dev.warren.test.BrokerUnderTest;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Programs that declare what those of today's official tutorials declare, with a service
 * of each edition, before it and after it. Whoever comes second with other arguments is
 * refused if it is a program, as RabbitMQ refuses it. A service uses the queue that is
 * there, says so in one line, and the lesson works.
 */
@ParameterizedClass(name = "{0}")
@EnumSource
class CurrentTutorialsIT {

	private static final List<Client> CLIENTS = List.of(Client.PIKA, Client.NODE);

	private static final List<String> QUEUES = List.of("hello", "task_queue", "rpc_queue");

	private static final String FIBONACCI_OF_100 = "354224848179261915075";

	private static final AtomicInteger numbers = new AtomicInteger();

	private static @Nullable BrokerUnderTest broker;

	private static @Nullable Suite suite;

	private final Situation situation;

	private final Suite services;

	CurrentTutorialsIT(Situation situation) {
		this.situation = situation;
		this.services = Objects.requireNonNull(suite);
	}

	@BeforeParameterizedClassInvocation
	static void startInOrder(Situation situation) throws Exception {
		Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
		BrokerUnderTest started = BrokerUnderTest.startApart()
			.withoutQueues(QUEUES.toArray(String[]::new))
			.withoutExchanges("logs", "direct_logs", "topic_logs");
		broker = started;
		if (situation.programsAreFirst()) {
			for (Client client : CLIENTS) {
				if (client.isThere()) {
					runProgramsAlone(client, started.address());
				}
			}
		}
		suite = new Suite(started.address(), "--warren.edition=" + situation.edition());
		suite.awaitReady();
	}

	private static void runProgramsAlone(Client client, String address) throws Exception {
		try (Program send = Program.startCurrent(client, address, "send", "first from " + client);
				Program newTask = Program.startCurrent(client, address, "new_task", "first from " + client);
				Program server = Program.startCurrent(client, address, "rpc_server", "1")) {
			send.awaitSuccess();
			newTask.awaitSuccess();
			await().until(() -> server.hasEnded() || server.output().contains("Waiting"));
			try (Program rpcClient = Program.start(client, address, "rpc_client", "100", FIBONACCI_OF_100)) {
				rpcClient.awaitSuccess();
			}
			server.awaitSuccess();
		}
	}

	@AfterParameterizedClassInvocation
	static void stop() throws Exception {
		if (suite != null) {
			suite.close();
			suite = null;
		}
		if (broker != null) {
			broker.withoutQueues(QUEUES.toArray(String[]::new)).close();
			broker = null;
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "PIKA", "NODE" })
	@ExtendWith(RequiredClient.class)
	void theServiceReceivesWhatTheProgramSends(Client client) throws Exception {
		Service hello = this.services.service("hello-service");
		hello.scale("/receivers", 1);
		String text = unique("hello from " + client);

		if (this.situation.refusesPrograms()) {
			assertThatItIsRefused(client, "hello", "send", text);
			hello.postText("/messages", text);
		}
		else {
			runCurrent(client, "send", text);
		}

		awaitReceived(hello, text);
		if (this.situation.programsAreFirst()) {
			awaitReceived(hello, "first from " + client);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "PIKA", "NODE" })
	@ExtendWith(RequiredClient.class)
	void theProgramReceivesWhatTheServiceSends(Client client) throws Exception {
		Service hello = this.services.service("hello-service");
		String text = unique("hello " + client);

		if (this.situation.refusesPrograms()) {
			assertThatItIsRefused(client, "hello", "receive", text);
		}
		else {
			hello.scale("/receivers", 0);
			hello.postText("/messages", text);
			runCurrent(client, "receive", text);
			hello.scale("/receivers", 1);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "PIKA", "NODE" })
	@ExtendWith(RequiredClient.class)
	void theServiceDoesTheTasksOfTheProgram(Client client) throws Exception {
		Service workQueue = this.services.service("work-queue-service");
		workQueue.scale("/workers", 2);
		String task = unique("task of " + client);

		if (this.situation.refusesPrograms()) {
			assertThatItIsRefused(client, "task_queue", "new_task", task);
			workQueue.postText("/tasks", task);
		}
		else {
			runCurrent(client, "new_task", task);
		}

		awaitDone(workQueue, task);
		if (this.situation.programsAreFirst()) {
			awaitDone(workQueue, "first from " + client);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "PIKA", "NODE" })
	@ExtendWith(RequiredClient.class)
	void theProgramDoesTheTasksOfTheService(Client client) throws Exception {
		Service workQueue = this.services.service("work-queue-service");
		String task = unique("task for " + client);

		if (this.situation.refusesPrograms()) {
			assertThatItIsRefused(client, "task_queue", "worker", task);
		}
		else {
			workQueue.scale("/workers", 0);
			workQueue.postText("/tasks", task);
			runCurrent(client, "worker", task);
			workQueue.scale("/workers", 2);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "PIKA", "NODE" })
	@ExtendWith(RequiredClient.class)
	void theServiceAnswersTheProgram(Client client) throws Exception {
		this.services.service("rpc-service").scale("/servers", 1);

		// The client declares nothing but its own queue.
		this.services.run(client, "rpc_client", "100", FIBONACCI_OF_100);
	}

	@ParameterizedTest
	@EnumSource(names = { "PIKA", "NODE" })
	@ExtendWith(RequiredClient.class)
	void theProgramAnswersTheService(Client client) throws Exception {
		Service rpc = this.services.service("rpc-service");

		if (this.situation.refusesPrograms()) {
			assertThatItIsRefused(client, "rpc_queue", "rpc_server", "1");
		}
		else {
			rpc.scale("/servers", 0);
			try (Program server = this.services.startCurrent(client, "rpc_server", "1")) {
				assertThat(rpc.<String>get("/fibonacci/100", "$.value")).isEqualTo(FIBONACCI_OF_100);
				server.awaitSuccess();
			}
			rpc.scale("/servers", 1);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "PIKA", "NODE" })
	@ExtendWith(RequiredClient.class)
	void subscriptionsGetTheLogsOfTheProgram(Client client) throws Exception {
		Service logs = this.services.service("logs-service");
		String text = unique("from " + client);

		for (String type : List.of("fanout", "direct", "topic")) {
			String keys = type.equals("fanout") ? "" : ",\"bindingKeys\":[\"error\"]";
			String subscription = JsonPath.read(logs.post("/subscriptions", "{\"type\":\"" + type + "\"" + keys + "}"),
					"$.id");
			this.services.run(client, "emit_log", type, "error:" + text);
			await().untilAsserted(() -> assertThat(
					logs.<List<String>>get("/subscriptions/" + subscription + "/messages", "$[*].message"))
				.containsExactly(text));
			logs.delete("/subscriptions/" + subscription);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "PIKA", "NODE" })
	@ExtendWith(RequiredClient.class)
	void theProgramGetsTheLogsOfTheService(Client client) throws Exception {
		Service logs = this.services.service("logs-service");
		String text = unique("for " + client);

		for (String type : List.of("fanout", "direct", "topic")) {
			String key = type.equals("fanout") ? "" : "error";
			String log = "{\"%s\":\"%s\",\"message\":\"%s\"}"
				.formatted(type.equals("topic") ? "routingKey" : "severity", key, text);
			String json = type.equals("fanout") ? "{\"message\":\"%s\"}".formatted(text) : log;
			try (Program receiver = this.services.start(client, "receive_logs", type, key, "--", key + ":" + text)) {
				await().until(() -> receiver.hasEnded()
						|| JsonPath.<Boolean>read(logs.post("/logs/" + type, json), "$.routed"));
				receiver.awaitSuccess();
			}
		}
	}

	@Test
	void aServiceTellsOnceOfAQueueThatSomebodyElseDeclared() {
		boolean others = this.situation == Situation.CLASSIC_AFTER_PROGRAMS;
		for (String queue : QUEUES) {
			String line = "Queue '%s' is there as somebody else declared it".formatted(queue);
			if (others) {
				await().untilAsserted(() -> assertThat(this.services.logged(line)).as(queue).hasSize(1));
			}
			else {
				assertThat(this.services.logged(line)).as(queue).isEmpty();
			}
		}
		assertThat(this.services.logged(" ERROR ")).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(QueueOfAService.class)
	void aServiceShowsWhoseQueueItIs(QueueOfAService queue) throws Exception {
		String json = this.services.service(queue.service).get(queue.path);

		assertThat(JsonPath.<String>read(json, "$.declaredBy"))
			.isEqualTo((this.situation == Situation.CLASSIC_AFTER_PROGRAMS) ? "other" : "self");
		assertThat(JsonPath.<Object>read(json, "$.arguments")).asString()
			.matches((arguments) -> arguments
				.contains("quorum") == (this.situation != Situation.CLASSIC_BEFORE_PROGRAMS));
	}

	private void assertThatItIsRefused(Client client, String queue, String program, String argument)
			throws IOException, InterruptedException {
		try (Program started = this.services.startCurrent(client, program, argument)) {
			assertThat(started.awaitExit(1)).contains("406", "inequivalent arg", "for queue '" + queue + "'");
		}
	}

	private void runCurrent(Client client, String program, String argument) throws IOException, InterruptedException {
		try (Program started = this.services.startCurrent(client, program, argument)) {
			started.awaitSuccess();
		}
	}

	private static String unique(String text) {
		return text + ", number " + numbers.incrementAndGet();
	}

	private static void awaitReceived(Service hello, String text) {
		await().untilAsserted(
				() -> assertThat(hello.<List<String>>get("/messages?limit=100", "$[*].text")).contains(text));
	}

	private static void awaitDone(Service workQueue, String task) {
		await().untilAsserted(
				() -> assertThat(workQueue.<List<String>>get("/tasks?limit=100", "$[?(@.state == 'done')].text"))
					.contains(task));
	}

	/** The edition of the services, and whether the programs ran before they started. */
	enum Situation {

		CLASSIC_BEFORE_PROGRAMS,

		CLASSIC_AFTER_PROGRAMS,

		CURRENT_BEFORE_PROGRAMS,

		CURRENT_AFTER_PROGRAMS;

		String edition() {
			return (this == CURRENT_BEFORE_PROGRAMS || this == CURRENT_AFTER_PROGRAMS) ? "current" : "classic";
		}

		boolean programsAreFirst() {
			return this == CLASSIC_AFTER_PROGRAMS || this == CURRENT_AFTER_PROGRAMS;
		}

		boolean refusesPrograms() {
			return this == CLASSIC_BEFORE_PROGRAMS;
		}

	}

	/** Where a service shows its queue. */
	enum QueueOfAService {

		HELLO("hello-service", "/queue"), WORK_QUEUE("work-queue-service", "/queue"), RPC("rpc-service", "/queue");

		private final String service;

		private final String path;

		QueueOfAService(String service, String path) {
			this.service = service;
			this.path = path;
		}

	}

}
