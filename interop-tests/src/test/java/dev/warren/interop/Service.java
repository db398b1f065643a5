package dev.warren.interop;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

import com.jayway.jsonpath.JsonPath;
import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A service of the suite, over HTTP. What is asked of it must succeed.
 */
final class Service {

	private static final HttpClient http = HttpClient.newHttpClient();

	private final String url;

	Service(String url) {
		this.url = url;
	}

	String get(String path) throws IOException, InterruptedException {
		return send(request(path));
	}

	/**
	 * What a JSON path finds in an answer.
	 */
	<T> T get(String path, String jsonPath) throws IOException, InterruptedException {
		return JsonPath.read(get(path), jsonPath);
	}

	String post(String path, String json) throws IOException, InterruptedException {
		return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
	}

	String postText(String path, String text) throws IOException, InterruptedException {
		return send(request(path).header("Content-Type", "text/plain").POST(BodyPublishers.ofString(text)));
	}

	void delete(String path) throws IOException, InterruptedException {
		send(request(path).DELETE());
	}

	/**
	 * Has so many of the receivers, workers or servers that a path is about.
	 */
	void scale(String path, int count) throws IOException, InterruptedException {
		List<String> ids = ids(path);
		for (String id : ids.subList(Math.min(count, ids.size()), ids.size())) {
			delete(path + "/" + id);
		}
		for (int i = ids.size(); i < count; i++) {
			post(path, "");
		}
		// One that has something to finish takes its time.
		Awaitility.await().untilAsserted(() -> assertThat(ids(path)).hasSize(count));
	}

	List<String> ids(String path) throws IOException, InterruptedException {
		return get(path, "$[*].id");
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create(this.url + path));
	}

	private static String send(HttpRequest.Builder builder) throws IOException, InterruptedException {
		HttpRequest request = builder.build();
		HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
		assertThat(response.statusCode()).as(() -> request + ": " + response.body()).isBetween(200, 299);
		return response.body();
	}

}
