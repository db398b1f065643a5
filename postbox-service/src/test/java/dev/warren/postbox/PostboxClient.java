package dev.warren.postbox;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Talks to a postbox service over HTTP.
 */
final class PostboxClient {

	private static final JsonMapper jsonMapper = new JsonMapper();

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final String url;

	PostboxClient(String url) {
		this.url = url;
	}

	int port() {
		return URI.create(this.url).getPort();
	}

	HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create(this.url + path));
	}

	HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
		return this.client.send(request.build(), BodyHandlers.ofString());
	}

	HttpResponse<String> get(String path) throws Exception {
		return send(request(path));
	}

	HttpResponse<String> post(String path) throws Exception {
		return send(request(path).POST(BodyPublishers.noBody()));
	}

	CompletableFuture<HttpResponse<String>> postAsync(String path) {
		return this.client.sendAsync(request(path).POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
	}

	CompletableFuture<HttpResponse<String>> putAsync(String path, String json) {
		return this.client.sendAsync(
				request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(json)).build(),
				BodyHandlers.ofString());
	}

	HttpResponse<String> postJson(String path, String json) throws Exception {
		return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
	}

	HttpResponse<String> postText(String path, String text) throws Exception {
		return send(request(path).header("Content-Type", "text/plain").POST(BodyPublishers.ofString(text)));
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

	static void assertStatus(HttpResponse<String> response, int status) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
	}

	/**
	 * Declares a box, which must be new.
	 */
	void declare(String box, String... keys) throws Exception {
		assertStatus(put("/boxes/" + box, keysJson(keys)), 201);
	}

	static String keysJson(String... keys) {
		return "{\"keys\":" + jsonMapper.writeValueAsString(keys) + "}";
	}

	/**
	 * Sends a letter, which must arrive.
	 * @return the letter's id
	 */
	String sendLetter(String to, String text) throws Exception {
		HttpResponse<String> response = postText("/letters?to=" + to, text);
		assertStatus(response, 202);
		return json(response).get("id").asString();
	}

	/**
	 * Collects a letter, which must be there.
	 */
	JsonNode collect(String box) throws Exception {
		HttpResponse<String> response = post("/boxes/" + box + "/collect");
		assertStatus(response, 200);
		return json(response);
	}

	void assertEmpty(String box) throws Exception {
		assertStatus(post("/boxes/" + box + "/collect?ack=auto"), 204);
	}

	void acknowledge(JsonNode letter) throws Exception {
		assertStatus(post("/deliveries/" + letter.get("handle").asString() + "/ack"), 200);
	}

	/**
	 * Collects and acknowledges all letters that are there.
	 */
	List<JsonNode> empty(String box) throws Exception {
		List<JsonNode> letters = new ArrayList<>();
		HttpResponse<String> response = post("/boxes/" + box + "/collect?ack=auto");
		while (response.statusCode() == 200) {
			letters.add(json(response));
			response = post("/boxes/" + box + "/collect?ack=auto");
		}
		assertStatus(response, 204);
		return letters;
	}

	int messages(String box) throws Exception {
		return status(box).get("messages").asInt();
	}

	int consumers(String box) throws Exception {
		return status(box).get("consumers").asInt();
	}

	private JsonNode status(String box) throws Exception {
		HttpResponse<String> response = get("/boxes/" + box);
		assertStatus(response, 200);
		return json(response);
	}

	List<JsonNode> list(String path) throws Exception {
		HttpResponse<String> response = get(path);
		assertStatus(response, 200);
		return StreamSupport.stream(json(response).spliterator(), false).toList();
	}

	List<String> boxes() throws Exception {
		return list("/boxes").stream().map((box) -> box.get("name").asString()).toList();
	}

	boolean isReady() throws Exception {
		return get("/actuator/health/readiness").statusCode() == 200;
	}

}
