package dev.warren.workqueue;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.warren.test.RestClient;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Talks to a work queue service over HTTP.
 */
final class WorkClient extends RestClient {

	WorkClient(int port) {
		super(port);
	}

	/**
	 * Submits a task, which must be accepted.
	 * @return the task's id
	 */
	String submit(String text) throws Exception {
		return json(assertStatus(postText("/tasks", text), 202)).get("id").asString();
	}

	/**
	 * Submits tasks, all of which must be confirmed.
	 * @return the batch's receipt
	 */
	JsonNode submit(Collection<String> texts) throws Exception {
		return json(assertStatus(postJson("/tasks/batch", toJson(texts)), 202));
	}

	JsonNode task(String id) throws Exception {
		return object("/tasks/" + id);
	}

	String state(String id) throws Exception {
		return task(id).get("state").asString();
	}

	List<String> workers(String state) throws Exception {
		return list("/workers").stream()
			.filter((worker) -> worker.get("state").asString().equals(state))
			.map((worker) -> worker.get("id").asString())
			.collect(Collectors.toList());
	}

	String startWorker() throws Exception {
		HttpResponse<String> response = assertStatus(post("/workers"), 201);
		String id = json(response).get("id").asString();
		assertThat(response.headers().firstValue("Location")).hasValue("/workers/" + id);
		return id;
	}

	void crash(String worker) throws Exception {
		assertStatus(post("/workers/" + worker + "/crash"), 200);
	}

	void prefetch(int prefetch) throws Exception {
		assertStatus(putJson("/dispatch", "{\"prefetch\":" + prefetch + "}"), 200);
	}

	List<String> deadLetters() throws Exception {
		return list("/dead-letters?limit=1000").stream()
			.map((letter) -> letter.get("id").asString())
			.collect(Collectors.toList());
	}

	static List<String> ids(JsonNode receipt) {
		String batch = receipt.get("batch").asString();
		return IntStream.range(0, receipt.get("tasks").asInt()).mapToObj((i) -> batch + "-" + i).toList();
	}

	/**
	 * Waits until all tasks are done.
	 */
	void awaitDone(Collection<String> ids) {
		Set<String> left = new LinkedHashSet<>(ids);
		Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> {
			Iterator<String> next = left.iterator();
			while (next.hasNext() && state(next.next()).equals("done")) {
				next.remove();
			}
			return left.isEmpty();
		});
	}

	/**
	 * Waits until a task's attempt has begun.
	 * @return the worker
	 */
	String awaitBegun(String id, int redeliveries) {
		return Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> task(id),
					(task) -> task.get("state").asString().equals("working")
							&& task.get("redeliveries").asInt() == redeliveries)
			.get("worker")
			.asString();
	}

}
