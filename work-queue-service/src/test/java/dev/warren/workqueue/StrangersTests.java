package dev.warren.workqueue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

import com.rabbitmq.client.AMQP;
import dev.warren.test.BrokerUnderTest;
import dev.warren.test.JavaProcess;
import dev.warren.test.LocalService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What strangers put on the broker: other queues, events, and messages of any size.
 */
@ExtendWith(OutputCaptureExtension.class)
class StrangersTests {

	private static final String DONE = """
			{"question":false,"tasks":[{"id":"invented","text":"x","state":"done","attempts":1,"redeliveries":0,
			"replays":0,"submittedAt":"2026-11-21T10:00:00Z"}]}""";

	@TempDir
	Path directory;

	@Test
	void aQueueThatOthersDeclaredOtherwiseIsUsedAndItIsSaidOnce(CapturedOutput output) throws Exception {
		try (BrokerUnderTest broker = brokerWithoutTasks()) {
			broker.withChannel((channel) -> channel.queueDeclare("task_queue", true, false, false,
					Map.of("x-queue-type", "quorum")));

			try (LocalService service = start(broker)) {
				WorkClient work = new WorkClient(service.port());
				work.awaitReady();
				String id = work.submit("Hello");
				await().until(() -> work.state(id).equals("done"));

				JsonNode queue = work.object("/queue");
				assertThat(queue.get("declaredBy").asString()).isEqualTo("other");
				assertThat(queue.get("arguments").get("x-queue-type").asString()).isEqualTo("quorum");
				assertThat(output.toString().lines()).filteredOn((line) -> line.contains("'task_queue'"))
					.singleElement()
					.asString()
					.contains("x-queue-type");
			}
		}
	}

	@Test
	void aDeletedQueueIsTheServicesOwnAgain() throws Exception {
		try (BrokerUnderTest broker = brokerWithoutTasks()) {
			broker.withChannel((channel) -> channel.queueDeclare("task_queue", true, false, false,
					Map.of("x-queue-type", "quorum")));
			try (LocalService service = start(broker, "--warren.work.workers=0")) {
				WorkClient work = new WorkClient(service.port());
				work.awaitReady();
				work.submit("in the way");
				await().until(() -> work.object("/queue").get("messages").asInt() == 1);

				assertThat(work.delete("/queue").statusCode()).isEqualTo(409);
				assertThat(work.delete("/queue?force=true").statusCode()).isEqualTo(204);

				await().until(() -> work.object("/queue").get("declaredBy").asString().equals("self"));
				assertThat(work.object("/queue").get("arguments")).isEmpty();
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { DONE, "\u001b[2J\nforged", "null", "7", "{\"question\":false,\"tasks\":[null]}",
			"{\"question\":false,\"tasks\":[{\"id\":\"a\"}]}" })
	void anEventThatIsNotAnInstancesInventsNothingAndForgesNoLogLine(String event, CapturedOutput output)
			throws Exception {
		try (BrokerUnderTest broker = brokerWithoutTasks(); LocalService service = start(broker)) {
			WorkClient work = new WorkClient(service.port());
			work.awaitReady();

			broker.withChannel((channel) -> {
				channel.basicPublish("task_events", "", null, event.getBytes(StandardCharsets.UTF_8));
				channel.basicPublish("task_events", "",
						new AMQP.BasicProperties.Builder().userId("guest").appId("stranger").build(),
						(event.equals(DONE) ? "{}" : event).getBytes(StandardCharsets.UTF_8));
			});

			await().until(
					() -> output.toString().lines().filter((line) -> line.contains("Ignored an event")).count() >= 2);
			assertThat(work.list("/tasks")).isEmpty();
			assertThat(output.toString()).doesNotContain("\u001b[2J");
			assertThat(output.toString().lines()).noneMatch((line) -> line.startsWith("forged"));
		}
	}

	@Test
	void hugeMessagesEndNoProcessAndCanBeRemoved() throws Exception {
		try (BrokerUnderTest broker = brokerWithoutTasks();
				JavaProcess service = JavaProcess.startService(this.directory, WorkQueueServiceApplication.class,
						broker.address())) {
			WorkClient work = new WorkClient(service.awaitHttpPort());
			work.awaitReady();
			byte[] huge = new byte[12 * 1024 * 1024];
			broker.withChannel((channel) -> {
				channel.basicPublish("", "task_queue", null, huge);
				channel.basicPublish("", "task_dead_letters", null, huge);
			});

			await().until(() -> work.get("/actuator/health/readiness").body().contains("too large"));
			assertThat(work.get("/dead-letters").statusCode()).isEqualTo(503);
			await().until(() -> work.delete("/dead-letters").statusCode() == 204);
			await().until(() -> work.delete("/queue?force=true").statusCode() == 204);

			work.awaitReady();
			String id = work.submit("Hello");
			await().until(() -> work.state(id).equals("done"));
			assertThat(work.list("/dead-letters")).isEmpty();
			assertThat(service.isAlive()).isTrue();
		}
	}

	private static BrokerUnderTest brokerWithoutTasks() throws Exception {
		return BrokerUnderTest.start().withoutQueues("task_queue", "task_dead_letters");
	}

	private static LocalService start(BrokerUnderTest broker, String... arguments) throws IOException {
		return LocalService.start(WorkQueueServiceApplication.application(), broker.address(), arguments);
	}

}
