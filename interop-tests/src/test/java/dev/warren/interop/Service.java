package dev.warren.interop;

import java.net.http.HttpResponse;
import java.util.List;

import com.jayway.jsonpath.JsonPath;
import dev.warren.test.RestClient;
import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A service of the suite, over HTTP. What is asked of it must succeed.
 */
final class Service {

	private final RestClient rest;

	Service(String url) {
		this.rest = new RestClient(url);
	}

	String get(String path) throws Exception {
		return body(this.rest.get(path));
	}

	/**
	 * What a JSON path finds in an answer.
	 */
	<T> T get(String path, String jsonPath) throws Exception {
		return JsonPath.read(get(path), jsonPath);
	}

	String post(String path, String json) throws Exception {
		return body(this.rest.postJson(path, json));
	}

	String postText(String path, String text) throws Exception {
		return body(this.rest.postText(path, text));
	}

	void delete(String path) throws Exception {
		body(this.rest.delete(path));
	}

	/**
	 * Has so many of the receivers, workers or servers that a path is about.
	 */
	void scale(String path, int count) throws Exception {
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

	List<String> ids(String path) throws Exception {
		return get(path, "$[*].id");
	}

	private static String body(HttpResponse<String> response) {
		assertThat(response.statusCode()).as(() -> response.request() + ": " + response.body()).isBetween(200, 299);
		return response.body();
	}

}
