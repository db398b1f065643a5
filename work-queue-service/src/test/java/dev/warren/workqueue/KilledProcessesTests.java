package dev.warren.workqueue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.warren.test.BrokerUnderTest;
import dev.warren.test.JavaProcess;
import dev.warren.test.LocalService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Real processes, killed and terminated, and several instances of the service.
 */
class KilledProcessesTests {

	private static final int KILLS = Integer.getInteger("warren.test.kills", 2);

	private static final int WORKERS = 2;

	private static final Pattern DONE = Pattern.compile("worker-\\d+ has done (\\S+)");

	@TempDir
	Path directory;

	@Test
	void whatAKilledProcessHeldIsDoneByAnother() throws Exception {
		try (BrokerUnderTest broker = brokerWithoutTasks();
				LocalService survivor = start(broker, "--warren.work.workers=1")) {
			WorkClient work = client(survivor);
			List<String> ids = new ArrayList<>();
			Set<String> doneByVictims = new HashSet<>();
			for (int i = 0; i < KILLS; i++) {
				try (JavaProcess victim = startProcess(broker, "--warren.work.prefetch=10",
						"--logging.level.dev.warren.workqueue.tasks.TaskProgress=debug")) {
					WorkClient victims = new WorkClient(victim.awaitHttpPort());
					victims.awaitReady();
					ids.addAll(WorkClient.ids(work.submit(Collections.nCopies(100, ".........."))));
					await().until(() -> victims.list("/workers")
						.stream()
						.anyMatch((worker) -> worker.get("done").asLong() > 1 && worker.get("task").isString()));
					victim.kill();
					doneByVictims.addAll(tasksDone(victim));
				}
			}

			await().atMost(Duration.ofSeconds(60))
				.until(() -> broker.messages("task_queue") == 0 && work.list("/workers").get(0).get("task").isNull());
			List<JsonNode> tasks = new ArrayList<>();
			for (String id : ids) {
				tasks.add(work.task(id));
			}
			assertThat(tasks).filteredOn((task) -> task.get("redeliveries").asInt() > 0)
				.isNotEmpty()
				.allSatisfy((task) -> assertThat(task.get("state").asString()).isEqualTo("done"));
			// What a process did in its last moment it may not have told the others.
			assertThat(tasks).filteredOn((task) -> !task.get("state").asString().equals("done"))
				.hasSizeLessThanOrEqualTo(2 * WORKERS * KILLS)
				.allSatisfy((task) -> assertThat(doneByVictims).contains(task.get("id").asString()));
			assertThat(work.deadLetters()).isEmpty();
		}
	}

	@Test
	void aTaskThatKillsItsWorkersIsADeadLetterWhereTheBrokerCountsDeliveries() throws Exception {
		try (BrokerUnderTest broker = brokerWithoutTasks()) {
			String[] quorum = { "--warren.work.workers=1", "--warren.queues.type=quorum",
					"--warren.work.max-deliveries=3" };
			String id;
			try (LocalService submitter = start(broker, "--warren.work.workers=0", "--warren.queues.type=quorum")) {
				id = client(submitter).submit("killer" + ".".repeat(6000));
			}
			for (int crash = 0; crash < 3; crash++) {
				try (LocalService victim = start(broker, quorum)) {
					await().until(() -> client(victim).list("/tasks")
						.stream()
						.anyMatch((task) -> task.get("state").asString().equals("working")));
					client(victim).crash("worker-1");
				}
			}

			try (LocalService survivor = start(broker, quorum)) {
				WorkClient work = client(survivor);
				await().until(() -> !work.deadLetters().isEmpty());
				JsonNode letter = work.list("/dead-letters").get(0);
				assertThat(letter.get("id").asString()).isEqualTo(id);
				assertThat(letter.get("error").asString()).contains("delivered 3 times and never acknowledged");
			}
		}
	}

	@Test
	void whatWasConfirmedBeforeTheBrokerWasKilledIsDoneAndTheRestIsReported() throws Exception {
		try (JavaProcess broker = JavaProcess.startBroker(this.directory, 0)) {
			int port = broker.awaitAmqpPort();
			try (LocalService service = start("127.0.0.1:" + port, "--warren.work.workers=0",
					"--warren.work.prefetch=100")) {
				WorkClient work = client(service);
				CompletableFuture<HttpResponse<String>> answer = work.postJsonAsync("/tasks/batch",
						WorkClient.toJson(Collections.nCopies(10_000, "x".repeat(200))));
				await().until(() -> !work.list("/tasks?limit=1").isEmpty());
				broker.kill();
				HttpResponse<String> response = answer.join();

				assertThat(response.statusCode()).as(response.body()).isEqualTo(207);
				JsonNode receipt = WorkClient.json(response);
				Set<String> confirmed = new HashSet<>(WorkClient.ids(receipt));
				receipt.get("unconfirmed").forEach((task) -> confirmed.remove(task.get("id").asString()));
				assertThat(confirmed).hasSize(receipt.get("confirmed").asInt()).isNotEmpty();
				assertThat(receipt.get("unconfirmed").get(0).get("error").asString()).isNotEmpty();
				try (JavaProcess restarted = JavaProcess.startBroker(this.directory, port)) {
					restarted.awaitAmqpPort();
					work.startWorker();
					work.awaitDone(confirmed);
				}
			}
		}
	}

	@Test
	void aTerminatedProcessFinishesWhatItCanAndGivesBackTheRest() throws Exception {
		try (BrokerUnderTest broker = brokerWithoutTasks();
				JavaProcess service = startProcess(broker, "--warren.work.prefetch=5",
						"--warren.work.grace-period=10s")) {
			WorkClient work = new WorkClient(service.awaitHttpPort());
			String quick = work.submit("quick" + ".".repeat(900));
			await().until(() -> !work.state(quick).equals("queued"));
			String slow = work.submit("slow" + ".".repeat(6000));
			work.awaitBegun(slow, 0);
			work.submit(Collections.nCopies(6, "unbegun"));

			assertThat(service.terminate()).isEqualTo(143);

			assertThat(service.output()).doesNotContain("ERROR").doesNotContain("Exception");
			try (Connection connection = broker.connect(); Channel channel = connection.createChannel()) {
				assertThat(awaitTexts(channel, "task_queue", 7)).hasSize(7)
					.filteredOn((text) -> !text.equals("unbegun"))
					.singleElement()
					.asString()
					.startsWith("slow");
			}
		}
	}

	@Test
	void anyInstanceKnowsOfAnyTaskAndSoDoesOneThatJoinsLater() throws Exception {
		try (BrokerUnderTest broker = brokerWithoutTasks();
				LocalService first = start(broker, "--warren.work.workers=0");
				LocalService second = start(broker, "--warren.work.workers=1")) {
			String id = client(first).submit("shared");

			client(first).awaitDone(List.of(id));

			await().until(() -> client(second).state(id).equals("done"));
			try (LocalService third = start(broker, "--warren.work.workers=0")) {
				await().ignoreExceptionsInstanceOf(AssertionError.class)
					.untilAsserted(() -> assertThat(client(third).task(id)).isEqualTo(client(first).task(id)));
				String poison = client(third).submit("!shared");
				await().until(() -> client(third).state(poison).equals("dead"));
				assertThat(client(first).deadLetters()).containsExactly(poison);
			}
		}
	}

	// A quorum queue has what is given back a moment later.
	private static List<String> awaitTexts(Channel channel, String queue, int count) {
		List<String> texts = new ArrayList<>();
		await().until(() -> {
			for (var message = channel.basicGet(queue, true); message != null; message = channel.basicGet(queue,
					true)) {
				texts.add(new String(message.getBody(), StandardCharsets.UTF_8));
			}
			return texts.size() >= count;
		});
		return texts;
	}

	private static BrokerUnderTest brokerWithoutTasks() throws Exception {
		return BrokerUnderTest.start().withoutQueues("task_queue", "task_dead_letters");
	}

	private JavaProcess startProcess(BrokerUnderTest broker, String... arguments) throws IOException {
		return JavaProcess.startService(this.directory, WorkQueueServiceApplication.class, broker.address(),
				withShortDots(arguments));
	}

	/**
	 * The ids of the tasks that its workers did, if their progress is logged at debug
	 * level.
	 */
	private static List<String> tasksDone(JavaProcess service) {
		return DONE.matcher(service.output()).results().map((match) -> match.group(1)).toList();
	}

	private static LocalService start(BrokerUnderTest broker, String... arguments) {
		return start(broker.address(), arguments);
	}

	private static LocalService start(String brokerAddress, String... arguments) {
		return LocalService.start(WorkQueueServiceApplication.application(), brokerAddress, withShortDots(arguments));
	}

	private static String[] withShortDots(String... arguments) {
		return Stream.concat(Stream.of("--warren.work.dot=10ms"), Stream.of(arguments)).toArray(String[]::new);
	}

	private static WorkClient client(LocalService service) {
		return new WorkClient(service.port());
	}

}
