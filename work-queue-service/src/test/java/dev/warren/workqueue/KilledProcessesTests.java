package dev.warren.workqueue;

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

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Real processes, killed and terminated, and several instances of the service.
 */
class KilledProcessesTests {

	private static final int KILLS = Integer.getInteger("warren.test.kills", 2);

	private static final int WORKERS = 2;

	@TempDir
	Path directory;

	@Test
	void whatAKilledProcessHeldIsDoneByAnother() throws Exception {
		try (TestBroker broker = TestBroker.start();
				ConfigurableApplicationContext survivor = start(broker, "--warren.work.workers=1")) {
			WorkClient work = client(survivor);
			List<String> ids = new ArrayList<>();
			Set<String> doneByVictims = new HashSet<>();
			for (int i = 0; i < KILLS; i++) {
				try (JavaProcess victim = JavaProcess.service(this.directory, broker.address(),
						"--warren.work.prefetch=10", "--logging.level.dev.warren.workqueue.Worker=debug")) {
					WorkClient victims = victim.awaitService();
					ids.addAll(WorkClient.ids(work.submit(Collections.nCopies(100, ".........."))));
					await().until(() -> victims.list("/workers")
						.stream()
						.anyMatch((worker) -> worker.get("done").asLong() > 1 && worker.get("task").isString()));
					victim.kill();
					doneByVictims.addAll(victim.tasksDone());
				}
			}

			await().atMost(Duration.ofSeconds(60))
				.until(() -> count(broker, "task_queue") + count(broker, "task_retries") == 0
						&& work.list("/workers").get(0).get("task").isNull());
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
	void attemptsAreCountedThoughNoInstanceLivesToRememberThem() throws Exception {
		try (TestBroker broker = TestBroker.start()) {
			String id;
			try (ConfigurableApplicationContext submitter = start(broker, "--warren.work.workers=0")) {
				id = client(submitter).submit("killer" + ".".repeat(6000));
			}
			for (int attempt = 1; attempt <= 3; attempt++) {
				try (ConfigurableApplicationContext victim = start(broker, "--warren.work.workers=1")) {
					int expected = attempt;
					await().until(() -> client(victim).list("/tasks")
						.stream()
						.anyMatch((task) -> task.get("state").asString().equals("working")
								&& task.get("attempts").asInt() == expected));
					client(victim).crash("worker-1");
				}
			}

			try (ConfigurableApplicationContext survivor = start(broker, "--warren.work.workers=1")) {
				WorkClient work = client(survivor);
				await().until(() -> !work.deadLetters().isEmpty());
				JsonNode letter = work.list("/dead-letters").get(0);
				assertThat(letter.get("id").asString()).isEqualTo(id);
				assertThat(letter.get("attempts").asInt()).isEqualTo(3);
				assertThat(letter.get("error").asString()).contains("was lost before it acknowledged");
			}
		}
	}

	@Test
	void whatWasConfirmedBeforeTheBrokerWasKilledIsDoneAndTheRestIsReported() throws Exception {
		try (JavaProcess broker = JavaProcess.broker(this.directory, 0)) {
			int port = broker.awaitBroker();
			try (ConfigurableApplicationContext service = start("127.0.0.1:" + port, "--warren.work.workers=0",
					"--warren.work.prefetch=100")) {
				WorkClient work = client(service);
				CompletableFuture<HttpResponse<String>> answer = work.sendAsync("/tasks/batch",
						WorkClient.json(Collections.nCopies(10_000, "x".repeat(200))));
				await().until(() -> !work.list("/tasks?limit=1").isEmpty());
				broker.kill();
				HttpResponse<String> response = answer.join();

				assertThat(response.statusCode()).as(response.body()).isEqualTo(207);
				JsonNode receipt = WorkClient.json(response);
				Set<String> confirmed = new HashSet<>(WorkClient.ids(receipt));
				receipt.get("unconfirmed").forEach((task) -> confirmed.remove(task.get("id").asString()));
				assertThat(confirmed).hasSize(receipt.get("confirmed").asInt()).isNotEmpty();
				assertThat(receipt.get("unconfirmed").get(0).get("error").asString()).isNotEmpty();
				try (JavaProcess restarted = JavaProcess.broker(this.directory, port)) {
					restarted.awaitBroker();
					work.startWorker();
					work.awaitDone(confirmed);
				}
			}
		}
	}

	@Test
	void aTerminatedProcessFinishesWhatItCanAndGivesBackTheRest() throws Exception {
		try (TestBroker broker = TestBroker.start();
				JavaProcess service = JavaProcess.service(this.directory, broker.address(), "--warren.work.prefetch=5",
						"--warren.work.grace-period=3s")) {
			WorkClient work = service.awaitService();
			String quick = work.submit("quick" + ".".repeat(100));
			await().until(() -> !work.state(quick).equals("queued"));
			String slow = work.submit("slow" + ".".repeat(6000));
			work.awaitBegun(slow, 1);
			work.submit(Collections.nCopies(6, "unbegun"));

			assertThat(service.terminate()).isEqualTo(143);

			assertThat(service.output()).doesNotContain("ERROR").doesNotContain("Exception");
			try (Connection connection = broker.connect(); Channel channel = connection.createChannel()) {
				assertThat(awaitTexts(channel, "task_queue", 6)).hasSize(6).containsOnly("unbegun");
				assertThat(awaitTexts(channel, "task_retries", 1)).singleElement().asString().startsWith("slow");
			}
		}
	}

	@Test
	void anyInstanceKnowsOfAnyTaskAndSoDoesOneThatJoinsLater() throws Exception {
		try (TestBroker broker = TestBroker.start();
				ConfigurableApplicationContext first = start(broker, "--warren.work.workers=0");
				ConfigurableApplicationContext second = start(broker, "--warren.work.workers=1")) {
			String id = client(first).submit("shared");

			client(first).awaitDone(List.of(id));

			await().until(() -> client(second).state(id).equals("done"));
			try (ConfigurableApplicationContext third = start(broker, "--warren.work.workers=0")) {
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

	private static long count(TestBroker broker, String queue) throws Exception {
		try (Connection connection = broker.connect(); Channel channel = connection.createChannel()) {
			return channel.messageCount(queue);
		}
	}

	private static ConfigurableApplicationContext start(TestBroker broker, String... arguments) {
		return start(broker.address(), arguments);
	}

	private static ConfigurableApplicationContext start(String brokerAddress, String... arguments) {
		List<String> all = new ArrayList<>(
				List.of("--server.port=0", "--spring.rabbitmq.addresses=" + brokerAddress, "--warren.work.dot=10ms"));
		all.addAll(List.of(arguments));
		return WorkQueueServiceApplication.application().run(all.toArray(String[]::new));
	}

	private static WorkClient client(ConfigurableApplicationContext service) {
		return new WorkClient("http://127.0.0.1:" + service.getEnvironment().getProperty("local.server.port"));
	}

}
