package dev.warren.logs;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Talks to a logs service over HTTP.
 */
final class LogsClient {

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final JsonMapper jsonMapper = new JsonMapper();

	private final int port;

	LogsClient(int port) {
		this.port = port;
	}

	int port() {
		return this.port;
	}

	HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + path));
	}

	HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
		return this.client.send(request.build(), BodyHandlers.ofString());
	}

	HttpResponse<String> get(String path) throws Exception {
		return send(request(path));
	}

	HttpResponse<String> post(String path, String json) throws Exception {
		return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
	}

	HttpResponse<String> put(String path, String json) throws Exception {
		return send(request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(json)));
	}

	HttpResponse<String> delete(String path) throws Exception {
		return send(request(path).DELETE());
	}

	JsonNode json(HttpResponse<String> response) {
		return this.jsonMapper.readTree(response.body());
	}

	List<JsonNode> list(String path) throws Exception {
		HttpResponse<String> response = get(path);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return StreamSupport.stream(json(response).spliterator(), false).toList();
	}

	/**
	 * Begins a subscription, which must succeed.
	 */
	JsonNode begin(String json) throws Exception {
		HttpResponse<String> response = post("/subscriptions", json);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
		JsonNode subscription = json(response);
		assertThat(response.headers().firstValue("Location"))
			.hasValue("/subscriptions/" + subscription.get("id").asString());
		return subscription;
	}

	String subscribe(String json) throws Exception {
		return begin(json).get("id").asString();
	}

	String subscribe(String type, List<String> bindingKeys) throws Exception {
		return subscribe("{\"type\":\"%s\",\"bindingKeys\":%s}".formatted(type,
				this.jsonMapper.writeValueAsString(bindingKeys)));
	}

	void end(String id) throws Exception {
		assertThat(delete("/subscriptions/" + id).statusCode()).isEqualTo(204);
	}

	void endAll() throws Exception {
		for (JsonNode subscription : list("/subscriptions")) {
			end(subscription.get("id").asString());
		}
	}

	JsonNode subscription(String id) throws Exception {
		return json(get("/subscriptions/" + id));
	}

	/**
	 * Sends a log, which must be accepted.
	 */
	JsonNode emit(String type, String json) throws Exception {
		HttpResponse<String> response = post("/logs/" + type, json);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
		JsonNode emitted = json(response);
		assertThat(emitted.get("confirmed").asBoolean()).isTrue();
		return emitted;
	}

	boolean emitTopic(String routingKey, String message) throws Exception {
		return emit("topic", this.jsonMapper.writeValueAsString(Map.of("routingKey", routingKey, "message", message)))
			.get("routed")
			.asBoolean();
	}

	List<JsonNode> received(String id) throws Exception {
		return list("/subscriptions/" + id + "/messages?limit=1000");
	}

	/**
	 * The messages a subscription got, oldest first.
	 */
	List<String> messages(String id) throws Exception {
		List<String> messages = new ArrayList<>(
				received(id).stream().map((line) -> line.get("message").asString()).toList());
		Collections.reverse(messages);
		return messages;
	}

	/**
	 * The subscriptions that would get a log by its key.
	 */
	List<String> routes(String type, String routingKey) throws Exception {
		return list("/routes?type=" + type + "&routingKey=" + encoded(routingKey)).stream()
			.map((route) -> route.get("id").asString())
			.toList();
	}

	static String encoded(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

}
