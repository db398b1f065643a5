package dev.warren.workqueue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Talks to a work queue service over HTTP.
 */
final class WorkClient {

	private static final JsonMapper jsonMapper = new JsonMapper();

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final String url;

	WorkClient(String url) {
		this.url = url;
	}

	HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create(this.url + path));
	}

	HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
		return this.client.send(request.build(), BodyHandlers.ofString());
	}

	CompletableFuture<HttpResponse<String>> sendAsync(String path, String json) {
		return this.client.sendAsync(
				request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)).build(),
				BodyHandlers.ofString());
	}

	HttpResponse<String> get(String path) throws Exception {
		return send(request(path));
	}

	HttpResponse<String> post(String path) throws Exception {
		return send(request(path).POST(BodyPublishers.noBody()));
	}

	HttpResponse<String> post(String path, String contentType, String body) throws Exception {
		return send(request(path).header("Content-Type", contentType).POST(BodyPublishers.ofString(body)));
	}

	HttpResponse<String> postJson(String path, String json) throws Exception {
		return post(path, "application/json", json);
	}

	HttpResponse<String> put(String path, String json) throws Exception {
		return send(request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(json)));
	}

	HttpResponse<String> delete(String path) throws Exception {
		return send(request(path).DELETE());
	}

	static JsonNode json(HttpResponse<String> response) {
		return jsonMapper.readTree(response.body());
	}

	static String json(Object value) {
		return jsonMapper.writeValueAsString(value);
	}

	/**
	 * Submits a task, which must be accepted.
	 * @return the task's id
	 */
	String submit(String text) throws Exception {
		HttpResponse<String> response = post("/tasks", "text/plain", text);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
		return json(response).get("id").asString();
	}

	/**
	 * Submits tasks, all of which must be confirmed.
	 * @return the batch's receipt
	 */
	JsonNode submit(Collection<String> texts) throws Exception {
		HttpResponse<String> response = postJson("/tasks/batch", json(texts));
		assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
		return json(response);
	}

	JsonNode task(String id) throws Exception {
		HttpResponse<String> response = get("/tasks/" + id);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return json(response);
	}

	String state(String id) throws Exception {
		return task(id).get("state").asString();
	}

	List<JsonNode> list(String path) throws Exception {
		HttpResponse<String> response = get(path);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return StreamSupport.stream(json(response).spliterator(), false).toList();
	}

	List<String> workers(String state) throws Exception {
		return list("/workers").stream()
			.filter((worker) -> worker.get("state").asString().equals(state))
			.map((worker) -> worker.get("id").asString())
			.collect(Collectors.toList());
	}

	String startWorker() throws Exception {
		HttpResponse<String> response = post("/workers");
		assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
		String id = json(response).get("id").asString();
		assertThat(response.headers().firstValue("Location")).hasValue("/workers/" + id);
		return id;
	}

	void crash(String worker) throws Exception {
		HttpResponse<String> response = post("/workers/" + worker + "/crash");
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
	}

	void prefetch(int prefetch) throws Exception {
		HttpResponse<String> response = put("/dispatch", "{\"prefetch\":" + prefetch + "}");
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
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
	String awaitBegun(String id, int attempt) {
		return Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> task(id),
					(task) -> task.get("state").asString().equals("working") && task.get("attempts").asInt() == attempt)
			.get("worker")
			.asString();
	}

}
