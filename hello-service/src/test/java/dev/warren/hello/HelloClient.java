package dev.warren.hello;

import java.net.http.HttpResponse;
import java.util.List;

import dev.warren.test.RestClient;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Talks to a hello service over HTTP.
 */
final class HelloClient extends RestClient {

	HelloClient(int port) {
		super(port);
	}

	/**
	 * Sends a text, which must be accepted.
	 * @return the message's id
	 */
	String accepted(String text) throws Exception {
		return json(assertStatus(postText("/messages", text), 202)).get("id").asString();
	}

	List<JsonNode> received() throws Exception {
		return list("/messages?limit=1000");
	}

	List<String> receivedIds() throws Exception {
		return received().stream().map((message) -> message.path("id").asString("")).toList();
	}

	String startReceiver() throws Exception {
		HttpResponse<String> response = assertStatus(post("/receivers"), 201);
		String id = json(response).get("id").asString();
		assertThat(response.headers().firstValue("Location")).hasValue("/receivers/" + id);
		return id;
	}

	void stopReceiver(String id) throws Exception {
		assertStatus(delete("/receivers/" + id), 204);
	}

	void stopAllReceivers() throws Exception {
		for (JsonNode receiver : list("/receivers")) {
			stopReceiver(receiver.get("id").asString());
		}
	}

}
