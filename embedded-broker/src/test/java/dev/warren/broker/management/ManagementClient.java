package dev.warren.broker.management;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A user of the management API.
 */
final class ManagementClient {

	private static final HttpClient http = HttpClient.newHttpClient();

	private static final JsonMapper mapper = new JsonMapper();

	private final URI api;

	private final @Nullable String credentials;

	ManagementClient(int port, @Nullable String credentials) {
		this.api = URI.create("http://127.0.0.1:" + port + "/api/");
		this.credentials = credentials;
	}

	/**
	 * The same broker for another user.
	 * @param other a name and a password with a colon in between, or null for nobody
	 */
	ManagementClient as(@Nullable String other) {
		return new ManagementClient(this.api.getPort(), other);
	}

	HttpResponse<String> get(String path) throws IOException, InterruptedException {
		return send("GET", path, "");
	}

	JsonNode json(String path) throws IOException, InterruptedException {
		return readTree(get(path));
	}

	JsonNode readTree(HttpResponse<String> response) {
		return mapper.readTree(response.body());
	}

	HttpResponse<String> put(String path, String body) throws IOException, InterruptedException {
		return send("PUT", path, body);
	}

	HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
		return send("POST", path, body);
	}

	HttpResponse<String> delete(String path) throws IOException, InterruptedException {
		return send("DELETE", path, "");
	}

	HttpResponse<String> delete(String path, String header, String value) throws IOException, InterruptedException {
		return send(request("DELETE", path, "").header(header, value));
	}

	HttpResponse<String> get(String path, String header, String value) throws IOException, InterruptedException {
		return send(request("GET", path, "").header(header, value));
	}

	/**
	 * Sends a request, whose body says it is a form, as curl has it.
	 * @param path below {@code /api}
	 */
	HttpResponse<String> send(String method, String path, String body) throws IOException, InterruptedException {
		return send(request(method, path, body));
	}

	private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
		return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
	}

	/**
	 * Begins to read an answer that has no end.
	 */
	HttpResponse<InputStream> stream(String path) throws IOException, InterruptedException {
		return http.send(request("GET", path, "").build(), HttpResponse.BodyHandlers.ofInputStream());
	}

	private HttpRequest.Builder request(String method, String path, String body) {
		HttpRequest.Builder request = HttpRequest.newBuilder(this.api.resolve(path))
			.header("Content-Type", "application/x-www-form-urlencoded")
			.method(method, HttpRequest.BodyPublishers.ofString(body));
		if (this.credentials != null) {
			request.header("Authorization",
					"Basic " + Base64.getEncoder().encodeToString(this.credentials.getBytes(StandardCharsets.UTF_8)));
		}
		return request;
	}

	static String encode(String name) {
		return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
	}

}
