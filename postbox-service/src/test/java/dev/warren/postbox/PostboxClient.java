package dev.warren.postbox;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

import dev.warren.test.EventReader;
import dev.warren.test.RestClient;
import tools.jackson.databind.JsonNode;

/**
 * Talks to a postbox service over HTTP.
 */
final class PostboxClient extends RestClient {

	PostboxClient(int port) {
		super(port);
	}

	/**
	 * Declares a box, which must be new.
	 */
	void declare(String box, String... keys) throws Exception {
		assertStatus(putJson("/boxes/" + box, keysJson(keys)), 201);
	}

	static String keysJson(String... keys) {
		return "{\"keys\":" + toJson(keys) + "}";
	}

	/**
	 * Sends a letter, which must arrive.
	 * @return the letter's id
	 */
	String sendLetter(String to, String text) throws Exception {
		return json(assertStatus(postText("/letters?to=" + to, text), 202)).get("id").asString();
	}

	/**
	 * Collects a letter, which must be there.
	 */
	JsonNode collect(String box) throws Exception {
		return json(assertStatus(post("/boxes/" + box + "/collect"), 200));
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
		return object("/boxes/" + box).get("messages").asInt();
	}

	int consumers(String box) throws Exception {
		return object("/boxes/" + box).get("consumers").asInt();
	}

	List<String> boxes() throws Exception {
		return list("/boxes").stream().map((box) -> box.get("name").asString()).toList();
	}

	EventReader open(String box) throws IOException {
		return EventReader.open(this, "/boxes/" + box + "/stream");
	}

	static List<String> texts(EventReader reader) {
		return reader.events("message").stream().map((letter) -> letter.json().get("text").asString()).toList();
	}

}
