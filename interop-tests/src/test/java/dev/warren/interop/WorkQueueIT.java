package dev.warren.interop;

import java.util.List;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(SuiteUnderTest.class)
class WorkQueueIT {

	private static final int SIGKILLED = 128 + 9;

	private final Suite suite;

	private final Service workQueue;

	WorkQueueIT(Suite suite) {
		this.suite = suite;
		this.workQueue = suite.service("work-queue-service");
	}

	@Row(tutorial = Tutorial.WORK_QUEUES, direction = Direction.TO_SERVICE)
	void theServiceDoesTheTasksOfTheClient(Client client) throws Exception {
		this.workQueue.scale("/workers", 2);

		this.suite.run(client, "new_task", client + "'s first", client + "'s second");

		awaitDone(client + "'s first", client + "'s second");
	}

	@Row(tutorial = Tutorial.WORK_QUEUES, direction = Direction.TO_CLIENT)
	void theClientDoesTheTasksOfTheService(Client client) throws Exception {
		this.workQueue.scale("/workers", 0);

		this.workQueue.postText("/tasks", "first for " + client);
		this.workQueue.postText("/tasks", "second for " + client);

		this.suite.run(client, "worker", "first for " + client, "second for " + client);
	}

	@Row(tutorial = Tutorial.WORK_QUEUES, direction = Direction.TO_SERVICE)
	void theServiceDoesTheTaskOfAWorkerThatWasKilled(Client client) throws Exception {
		this.workQueue.scale("/workers", 0);
		String begun = submit("begun by " + client);
		String waiting = submit("not yet begun by " + client);

		try (Program worker = this.suite.start(client, "dying_worker", "begun by " + client)) {
			worker.awaitExit(SIGKILLED);
		}
		this.workQueue.scale("/workers", 1);

		awaitDone("begun by " + client, "not yet begun by " + client);
		assertThat(this.workQueue.<Integer>get("/tasks/" + begun, "$.redeliveries")).isEqualTo(1);
		// With a prefetch of 1 the killed worker did not have this one.
		assertThat(this.workQueue.<Integer>get("/tasks/" + waiting, "$.redeliveries")).isZero();
	}

	@Row(tutorial = Tutorial.WORK_QUEUES, direction = Direction.TO_CLIENT,
			clients = { Client.PIKA, Client.PY_AMQP, Client.PY_AMQPLIB, Client.NODE })
	void theClientDoesTheTaskOfAWorkerThatCrashed(Client client) throws Exception {
		this.workQueue.scale("/workers", 1);
		String worker = this.workQueue.ids("/workers").get(0);
		String task = submit("Take your time, " + client + ".");
		await().untilAsserted(
				() -> assertThat(this.workQueue.<String>get("/tasks/" + task, "$.state")).isEqualTo("working"));

		this.workQueue.post("/workers/" + worker + "/crash", "");
		this.workQueue.delete("/workers/" + worker);

		assertThat(this.suite.run(client, "worker", "Take your time, " + client + "."))
			.contains("Take your time, " + client + "., redelivered");
	}

	@Row(tutorial = Tutorial.WORK_QUEUES, direction = Direction.CLIENT_ALONE)
	void theClientIsToldWhatIsWrongWithItsDeclaration(Client client) throws Exception {
		this.suite.run(client, "redeclare");
	}

	@Row(tutorial = Tutorial.PUBLISHER_CONFIRMS, direction = Direction.TO_SERVICE,
			clients = { Client.PIKA, Client.PY_AMQP, Client.NODE })
	void theServiceDoesTheTasksThatWereConfirmedToTheClient(Client client) throws Exception {
		this.workQueue.scale("/workers", 2);

		this.suite.run(client, "publisher_confirms", "confirmed to " + client, "also confirmed to " + client);

		awaitDone("confirmed to " + client, "also confirmed to " + client);
	}

	private String submit(String task) throws Exception {
		return JsonPath.read(this.workQueue.postText("/tasks", task), "$.id");
	}

	private void awaitDone(String... tasks) {
		await().untilAsserted(
				() -> assertThat(this.workQueue.<List<String>>get("/tasks?limit=10", "$[?(@.state == 'done')].text"))
					.contains(tasks));
	}

}
