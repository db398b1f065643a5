package dev.warren.logs;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import dev.warren.test.EventReader;
import dev.warren.test.RestClient;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Talks to a logs service over HTTP.
 */
final class LogsClient extends RestClient {

	LogsClient(int port) {
		super(port);
	}

	/**
	 * Begins a subscription, which must succeed.
	 */
	JsonNode begin(String json) throws Exception {
		HttpResponse<String> response = assertStatus(postJson("/subscriptions", json), 201);
		JsonNode subscription = json(response);
		assertThat(response.headers().firstValue("Location"))
			.hasValue("/subscriptions/" + subscription.get("id").asString());
		return subscription;
	}

	String subscribe(String json) throws Exception {
		return begin(json).get("id").asString();
	}

	String subscribe(String type, List<String> bindingKeys) throws Exception {
		return subscribe("{\"type\":\"%s\",\"bindingKeys\":%s}".formatted(type, toJson(bindingKeys)));
	}

	void end(String id) throws Exception {
		assertStatus(delete("/subscriptions/" + id), 204);
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
		JsonNode emitted = json(assertStatus(postJson("/logs/" + type, json), 202));
		assertThat(emitted.get("confirmed").asBoolean()).isTrue();
		return emitted;
	}

	boolean emitTopic(String routingKey, String message) throws Exception {
		return emit("topic", toJson(Map.of("routingKey", routingKey, "message", message))).get("routed").asBoolean();
	}

	/**
	 * Opens the stream of a subscription.
	 */
	EventReader open(String id) throws IOException {
		return EventReader.open(this, stream(id));
	}

	static String stream(String id) {
		return "/subscriptions/" + id + "/messages/stream";
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
