package dev.warren.test.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.warren.test.RestClient;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The OpenAPI document of a service, and which of the answers that it promises the
 * service has given. Each answer is checked: its status and its type are documented, what
 * it says matches the schema and has nothing else in it, and it ends with a newline.
 */
public final class Contract implements AutoCloseable {

	private static final JsonMapper jsonMapper = new JsonMapper();

	private final RestClient client;

	private final ObjectNode document;

	private final List<Operation> operations = new ArrayList<>();

	private final Map<String, Schema> schemas = new HashMap<>();

	private final Set<String> seen = new TreeSet<>();

	private final Map<Operation, HttpRequest.Builder> successes = new HashMap<>();

	private final List<InputStream> streams = new ArrayList<>();

	Contract(RestClient client) throws Exception {
		this.client = client;
		this.document = (ObjectNode) client.object("/v3/api-docs");
		this.document.get("paths")
			.forEachEntry((path, item) -> item.forEachEntry((method, operation) -> this.operations
				.add(new Operation(method.toUpperCase(Locale.ROOT), path, operation))));
		for (JsonNode schema : this.document.at("/components/schemas")) {
			if (schema instanceof ObjectNode object && object.has("properties")) {
				object.put("additionalProperties", false);
			}
		}
	}

	/**
	 * The client that it sends requests with, for those whose answers do not matter.
	 */
	public RestClient client() {
		return this.client;
	}

	List<Operation> operations() {
		return this.operations;
	}

	JsonNode document() {
		return this.document;
	}

	/**
	 * Sends a request without a body.
	 * @return the answer's JSON
	 */
	public JsonNode send(int status, String method, String path) throws Exception {
		return expect(status, method, path, this.client.request(path).method(method, BodyPublishers.noBody()));
	}

	/**
	 * Sends a request.
	 * @return the answer's JSON
	 */
	public JsonNode send(int status, String method, String path, String type, String body) throws Exception {
		return expect(status, method, path,
				this.client.request(path).header("Content-Type", type).method(method, BodyPublishers.ofString(body)));
	}

	/**
	 * Sends a request whose body is JSON.
	 * @return the answer's JSON
	 */
	public JsonNode sendJson(int status, String method, String path, String json) throws Exception {
		return send(status, method, path, "application/json", json);
	}

	private JsonNode expect(int status, String method, String path, HttpRequest.Builder request) throws Exception {
		HttpResponse<String> response = this.client.send(request);
		assertThat(response.statusCode()).as(() -> method + " " + path + ": " + response.body()).isEqualTo(status);
		Operation operation = operation(method, path);
		assertThat(faultIn(operation, response)).isNull();
		if (status < 300) {
			this.successes.put(operation, request);
		}
		return (response.body().isEmpty()) ? jsonMapper.nullNode() : jsonMapper.readTree(response.body());
	}

	/**
	 * Opens a stream, which stays open.
	 */
	public void open(String path) throws Exception {
		HttpRequest.Builder request = this.client.request(path);
		HttpResponse<InputStream> response = this.client.send(request, BodyHandlers.ofInputStream());
		this.streams.add(response.body());
		Operation operation = operation("GET", path);
		assertThat(response.statusCode()).as(path).isEqualTo(200);
		assertThat(faultIn(operation, response.statusCode(), type(response), null)).isNull();
		this.successes.put(operation, request);
	}

	/**
	 * Sends a request of an operation, the answer of which need only be a documented one.
	 */
	void provoke(Operation operation, HttpRequest.Builder request) throws Exception {
		HttpResponse<String> response = this.client.send(request);
		assertThat(faultIn(operation, response)).isNull();
	}

	/**
	 * The last request of an operation that was answered with a result, or any request.
	 */
	HttpRequest.Builder lastSuccess(Operation operation) {
		HttpRequest.Builder request = this.successes.get(operation);
		return (request != null) ? request.copy() : this.client.request(operation.path().replaceAll("[{}]", ""))
			.method(operation.method(), BodyPublishers.noBody());
	}

	private Operation operation(String method, String path) {
		return this.operations.stream()
			.filter((operation) -> operation.matches(method, path.replaceFirst("\\?.*", "")))
			.min(Comparator.comparing(Operation::parameters))
			.orElseThrow(() -> new AssertionError("not in the document: " + method + " " + path));
	}

	@Nullable String faultIn(Operation operation, HttpResponse<String> response) {
		return faultIn(operation, response.statusCode(), type(response), response.body());
	}

	static String type(HttpResponse<?> response) {
		return response.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", "");
	}

	/**
	 * What is wrong with an answer, by the document.
	 * @param body its body, null if that is not looked at
	 */
	@Nullable String faultIn(Operation operation, int status, String type, @Nullable String body) {
		String answer = operation + " " + status;
		JsonNode documented = operation.json().path("responses").get(String.valueOf(status));
		if (documented == null) {
			return answer + " is not documented: " + body;
		}
		this.seen.add(answer);
		JsonNode content = documented.path("content");
		if (content.isEmpty()) {
			return type.isEmpty() && (body == null || body.isEmpty()) ? null : answer + " should have no body: " + body;
		}
		if (!content.has(type)) {
			return answer + " is not documented to be '" + type + "': " + body;
		}
		if (body == null) {
			return null;
		}
		if (!body.endsWith("\n")) {
			return answer + " does not end with a newline: " + body;
		}
		JsonNode json = jsonMapper.readTree(body);
		List<?> errors = schema(answer + " " + type, content.get(type).get("schema")).validate(json);
		if (!errors.isEmpty()) {
			return answer + " does not match its schema: " + errors + ": " + body;
		}
		JsonNode examples = content.get(type).path("examples");
		String problem = json.path("type").asString("").replaceFirst(".*:", "");
		if (status >= 400 && !examples.isEmpty() && !examples.has(problem)) {
			return answer + " has a problem that is not documented: " + body;
		}
		return null;
	}

	private Schema schema(String name, JsonNode schema) {
		return this.schemas.computeIfAbsent(name, (key) -> {
			ObjectNode whole = (ObjectNode) schema.deepCopy();
			whole.set("components", this.document.get("components"));
			return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(whole);
		});
	}

	/**
	 * The answers that are documented and that the service has not given.
	 */
	Set<String> unseen() {
		Set<String> unseen = new TreeSet<>();
		for (Operation operation : this.operations) {
			operation.statuses().forEach((status) -> unseen.add(operation + " " + status));
		}
		unseen.removeAll(this.seen);
		return unseen;
	}

	boolean isUnseen(Operation operation, int status) {
		return operation.statuses().contains(String.valueOf(status)) && !this.seen.contains(operation + " " + status);
	}

	@Override
	public void close() {
		for (InputStream stream : this.streams) {
			try {
				stream.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

}
