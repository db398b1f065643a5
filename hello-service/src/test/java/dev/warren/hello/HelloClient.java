package dev.warren.hello;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.stream.StreamSupport;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Talks to a hello service over HTTP.
 */
final class HelloClient {

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final JsonMapper jsonMapper = new JsonMapper();

	private final int port;

	HelloClient(int port) {
		this.port = port;
	}

	HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + path));
	}

	HttpResponse<String> get(String path) throws Exception {
		return send(request(path));
	}

	HttpResponse<String> postJson(String path, String json) throws Exception {
		return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
	}

	HttpResponse<String> postText(String text) throws Exception {
		return post(BodyPublishers.ofString(text), "text/plain");
	}

	HttpResponse<String> post(BodyPublisher body, String contentType) throws Exception {
		return send(request("/messages").header("Content-Type", contentType).POST(body));
	}

	HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
		return this.client.send(request.build(), BodyHandlers.ofString());
	}

	<T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler) throws Exception {
		return this.client.send(request.build(), handler);
	}

	JsonNode json(HttpResponse<String> response) {
		return this.jsonMapper.readTree(response.body());
	}

	/**
	 * Sends a text, which must be accepted.
	 * @return the message's id
	 */
	String accepted(String text) throws Exception {
		HttpResponse<String> response = postText(text);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
		return json(response).get("id").asString();
	}

	List<JsonNode> received() throws Exception {
		return list("/messages?limit=1000");
	}

	List<String> receivedIds() throws Exception {
		return received().stream().map((message) -> message.path("id").asString("")).toList();
	}

	List<JsonNode> list(String path) throws Exception {
		HttpResponse<String> response = get(path);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return StreamSupport.stream(json(response).spliterator(), false).toList();
	}

	int readiness() throws Exception {
		return get("/actuator/health/readiness").statusCode();
	}

	int liveness() throws Exception {
		return get("/actuator/health/liveness").statusCode();
	}

	String startReceiver() throws Exception {
		HttpResponse<String> response = send(request("/receivers").POST(BodyPublishers.noBody()));
		assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
		String id = json(response).get("id").asString();
		assertThat(response.headers().firstValue("Location")).hasValue("/receivers/" + id);
		return id;
	}

	void stopReceiver(String id) throws Exception {
		assertThat(send(request("/receivers/" + id).DELETE()).statusCode()).isEqualTo(204);
	}

	void stopAllReceivers() throws Exception {
		for (JsonNode receiver : list("/receivers")) {
			stopReceiver(receiver.get("id").asString());
		}
	}

}
