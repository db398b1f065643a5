package dev.warren.test;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;

import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Talks to a service over HTTP. The services' tests extend it by their own vocabulary.
 */
public class RestClient {

	private static final JsonMapper jsonMapper = new JsonMapper();

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final URI url;

	/**
	 * A client of a service on this machine.
	 */
	public RestClient(int port) {
		this("http://127.0.0.1:" + port);
	}

	public RestClient(String url) {
		this.url = URI.create(url);
	}

	public final int port() {
		return this.url.getPort();
	}

	public final HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create(this.url + path));
	}

	public final HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
		return send(request, BodyHandlers.ofString());
	}

	public final <T> HttpResponse<T> send(HttpRequest.Builder request, BodyHandler<T> handler) throws Exception {
		return this.client.send(request.build(), handler);
	}

	public final CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest.Builder request) {
		return this.client.sendAsync(request.build(), BodyHandlers.ofString());
	}

	public final HttpResponse<String> get(String path) throws Exception {
		return send(request(path));
	}

	/**
	 * A POST without a body.
	 */
	public final HttpResponse<String> post(String path) throws Exception {
		return send(request(path).POST(BodyPublishers.noBody()));
	}

	public final HttpResponse<String> post(String path, String contentType, String body) throws Exception {
		return send(request(path).header("Content-Type", contentType).POST(BodyPublishers.ofString(body)));
	}

	public final HttpResponse<String> postJson(String path, String json) throws Exception {
		return post(path, "application/json", json);
	}

	public final HttpResponse<String> postText(String path, String text) throws Exception {
		return post(path, "text/plain", text);
	}

	public final HttpResponse<String> putJson(String path, String json) throws Exception {
		return send(request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(json)));
	}

	public final HttpResponse<String> delete(String path) throws Exception {
		return send(request(path).DELETE());
	}

	public final CompletableFuture<HttpResponse<String>> getAsync(String path) {
		return sendAsync(request(path));
	}

	public final CompletableFuture<HttpResponse<String>> postAsync(String path) {
		return sendAsync(request(path).POST(BodyPublishers.noBody()));
	}

	public final CompletableFuture<HttpResponse<String>> postJsonAsync(String path, String json) {
		return sendAsync(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
	}

	public final CompletableFuture<HttpResponse<String>> putJsonAsync(String path, String json) {
		return sendAsync(request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(json)));
	}

	/**
	 * The object at a path, which must be there.
	 */
	public final JsonNode object(String path) throws Exception {
		return json(assertStatus(get(path), 200));
	}

	/**
	 * The elements of the list at a path, which must be there.
	 */
	public final List<JsonNode> list(String path) throws Exception {
		return StreamSupport.stream(object(path).spliterator(), false).toList();
	}

	/**
	 * The sum of the meters that {@code /actuator/prometheus} has under a name and, if it
	 * is not empty, a tag such as {@code outcome="done"}.
	 */
	public final double meter(String name, String tag) throws Exception {
		return get("/actuator/prometheus").body()
			.lines()
			.filter((line) -> line.startsWith(name + "{") && line.contains(tag))
			.mapToDouble((line) -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
			.sum();
	}

	/**
	 * The status of the readiness probe.
	 */
	public final int readiness() throws Exception {
		return get("/actuator/health/readiness").statusCode();
	}

	/**
	 * The status of the liveness probe.
	 */
	public final int liveness() throws Exception {
		return get("/actuator/health/liveness").statusCode();
	}

	public final boolean isReady() throws Exception {
		return readiness() == 200;
	}

	/**
	 * Waits, a minute at most, until the service is ready.
	 */
	public final void awaitReady() {
		Awaitility.await().atMost(Duration.ofMinutes(1)).until(this::isReady);
	}

	/**
	 * Waits, a minute at most, until the service has noticed that it is not ready.
	 */
	public final void awaitNotReady() {
		Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> readiness() == 503);
	}

	/**
	 * The body of an answer as JSON.
	 */
	public static JsonNode json(HttpResponse<String> response) {
		return jsonMapper.readTree(response.body());
	}

	/**
	 * A value as JSON.
	 */
	public static String toJson(Object value) {
		return jsonMapper.writeValueAsString(value);
	}

	/**
	 * Fails, with the body, unless an answer has a status.
	 * @return the answer
	 */
	public static HttpResponse<String> assertStatus(HttpResponse<String> response, int status) {
		assertThat(response.statusCode()).as(() -> response.request() + ": " + response.body()).isEqualTo(status);
		return response;
	}

}
