package dev.warren.messaging.problem;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.warren.messaging.MessagingSupportConfiguration;
import dev.warren.messaging.message.Headers;
import dev.warren.messaging.message.Text;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.amqp.AmqpConnectException;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "spring.config.location=classpath:warren-service.yml", "spring.application.name=problems",
				"warren.api.description=Problems", "server.port=0" })
class ProblemTests {

	private static final int MEBIBYTE = 1024 * 1024;

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final JsonMapper jsonMapper = new JsonMapper();

	@LocalServerPort
	private int port;

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void aBadBodyIsAProblemThatNamesTheField(String body, int status, String type, @Nullable String field)
			throws Exception {
		HttpResponse<String> response = send(
				post("/things", BodyPublishers.ofString(body)).header("Content-Type", "application/json"));

		assertThat(problem(response, status, type).path("field").asString(null)).isEqualTo(field);
	}

	static Stream<Arguments> aBadBodyIsAProblemThatNamesTheField() {
		return Stream.of(arguments("", 400, "malformed-request", null),
				arguments("not JSON", 400, "malformed-request", null),
				arguments("{\"text\":\"x\"", 400, "malformed-request", null),
				arguments("{\"text\":\"x\",\"text\":\"y\"}", 400, "malformed-request", null),
				arguments("{\"text\":\"x\"} trailing", 400, "malformed-request", null),
				arguments("null", 400, "malformed-request", null), arguments("[]", 400, "invalid-value", null),
				arguments("\"text\"", 400, "invalid-value", null), arguments("42", 400, "invalid-value", null),
				arguments("{}", 400, "invalid-value", "text"),
				arguments("{\"text\":null}", 400, "invalid-value", "text"),
				arguments("{\"text\":\"\"}", 400, "invalid-value", "text"),
				arguments("{\"text\":42}", 400, "invalid-value", "text"),
				arguments("{\"text\":true}", 400, "invalid-value", "text"),
				arguments("{\"text\":[\"x\"]}", 400, "invalid-value", "text"),
				arguments("{\"text\":{}}", 400, "invalid-value", "text"),
				arguments("{\"txet\":\"x\"}", 400, "invalid-value", "txet"),
				arguments("{\"text\":\"\\ud83d\"}", 400, "invalid-value", "text"),
				arguments("{\"text\":\"" + "x".repeat(Text.MAX_SIZE + 1) + "\"}", 413, "too-large", "text"),
				arguments("{\"text\":\"x\",\"count\":\"many\"}", 400, "invalid-value", "count"),
				arguments("{\"text\":\"x\",\"count\":\"5\"}", 400, "invalid-value", "count"),
				arguments("{\"text\":\"x\",\"count\":\"\"}", 400, "invalid-value", "count"),
				arguments("{\"text\":\"x\",\"count\":true}", 400, "invalid-value", "count"),
				arguments("{\"text\":\"x\",\"count\":5.0}", 400, "invalid-value", "count"),
				arguments("{\"text\":\"x\",\"count\":[5]}", 400, "invalid-value", "count"),
				arguments("{\"text\":\"x\",\"large\":\"5\"}", 400, "invalid-value", "large"),
				arguments("{\"text\":\"x\",\"ratio\":\"0.5\"}", 400, "invalid-value", "ratio"),
				arguments("{\"text\":\"x\",\"status\":\"\"}", 400, "invalid-value", "status"),
				arguments("{\"text\":\"x\",\"urgent\":\"true\"}", 400, "invalid-value", "urgent"),
				arguments("{\"text\":\"x\",\"urgent\":1}", 400, "invalid-value", "urgent"),
				arguments("{\"text\":\"x\",\"status\":0}", 400, "invalid-value", "status"),
				arguments("{\"text\":\"x\",\"keys\":\"one\"}", 400, "invalid-value", "keys"),
				arguments("{\"text\":\"x\",\"keys\":[1]}", 400, "invalid-value", "keys[0]"),
				arguments("{\"text\":\"x\",\"inner\":\"\"}", 400, "invalid-value", "inner"),
				arguments("{\"text\":\"x\",\"count\":11}", 400, "invalid-value", "count"),
				arguments("{\"text\":\"x\",\"count\":99999999999}", 400, "invalid-value", "count"),
				arguments("{\"text\":\"x\",\"count\":1" + "0".repeat(2000) + "}", 400, "malformed-request", null),
				arguments("{\"text\":\"x\",\"inner\":{\"name\":null}}", 400, "invalid-value", "inner.name"),
				arguments("{\"text\":\"x\",\"inner\":{\"eman\":1}}", 400, "invalid-value", "inner.eman"),
				arguments("{\"text\":\"x\",\"inner\":5}", 400, "invalid-value", "inner"),
				arguments("{\"text\":\"x\",\"headers\":" + "{\"a\":".repeat(10) + "1" + "}".repeat(10) + "}", 400,
						"invalid-value", "headers"),
				arguments("{\"text\":\"x\",\"headers\":" + "{\"a\":".repeat(5000) + "1" + "}".repeat(5000) + "}", 400,
						"malformed-request", null),
				arguments("[".repeat(100_000), 400, "invalid-value", null),
				arguments("{\"text\":\"x\",\"headers\":{\"a\":1" + "0".repeat(30) + "}}", 400, "invalid-value",
						"headers"),
				arguments("{\"text\":\"x\",\"headers\":{\"a\":1e999}}", 400, "invalid-value", "headers"));
	}

	@Test
	void bytesThatAreNotUtf8AreAProblem() throws Exception {
		byte[] json = "{\"text\":\"gr\u00fcn\"}".getBytes(StandardCharsets.ISO_8859_1);
		byte[] text = "gr\u00fcn".getBytes(StandardCharsets.ISO_8859_1);

		problem(send(post("/things", BodyPublishers.ofByteArray(json)).header("Content-Type", "application/json")), 400,
				"malformed-request");
		problem(send(post("/things", BodyPublishers.ofByteArray(text)).header("Content-Type", "text/plain")), 400,
				"invalid-value");
	}

	@ParameterizedTest(name = "{0} {1}")
	@MethodSource
	void aBadRequestIsAProblem(String method, String path, int status, String type, @Nullable String field)
			throws Exception {
		HttpResponse<String> response = send(request(path).method(method, BodyPublishers.noBody()));

		assertThat(problem(response, status, type).path("field").asString(null)).isEqualTo(field);
	}

	static Stream<Arguments> aBadRequestIsAProblem() {
		return Stream.of(arguments("GET", "/nothing-here", 404, "not-found", null),
				arguments("POST", "/nothing-here", 404, "not-found", null),
				arguments("GET", "/no-page", 404, "not-found", null),
				arguments("GET", "/error", 404, "not-found", null),
				arguments("GET", "/favicon.ico", 404, "not-found", null),
				arguments("GET", "/actuator/env", 404, "not-found", null),
				arguments("DELETE", "/things", 405, "method-not-allowed", null),
				arguments("PATCH", "/things", 405, "method-not-allowed", null),
				arguments("POST", "/actuator/health", 405, "method-not-allowed", null),
				arguments("POST", "/things", 400, "invalid-value", "text"),
				arguments("GET", "/things?limit=0", 400, "invalid-value", "limit"),
				arguments("GET", "/things?limit=1001", 400, "invalid-value", "limit"),
				arguments("GET", "/things?limit=ten", 400, "invalid-value", "limit"),
				arguments("GET", "/things/abc", 400, "invalid-value", "id"),
				arguments("GET", "/things/7", 409, "conflict", "id"),
				arguments("GET", "/required", 400, "invalid-value", "name"),
				arguments("GET", "/stream", 404, "not-found", null),
				arguments("GET", "/no-broker", 503, "broker-unavailable", null));
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/event-stream", "text/plain", "image/png", "application/xml", "nonsense", "*/*" })
	void aProblemIsJsonWhateverTheClientAccepts(String accept) throws Exception {
		for (String path : new String[] { "/nothing-here", "/things?limit=0", "/things/7", "/stream", "/no-broker" }) {
			HttpResponse<String> response = send(request(path).header("Accept", accept));

			assertThat(response.statusCode()).as(path).isBetween(400, 503);
			problem(response, response.statusCode(), null);
		}
	}

	@Test
	void whatIsRightIsTaken() throws Exception {
		String thing = "{\"text\":\"x\",\"count\":5,\"large\":5,\"ratio\":1,\"urgent\":true,\"status\":\"BUSY\",\"keys\":[\"a\"]}";

		HttpResponse<String> response = send(
				post("/things", BodyPublishers.ofString(thing)).header("Content-Type", "application/json"));

		assertThat(response.statusCode()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/problem+json", "application/vnd.stranger+json" })
	void onlyAProblemIsLabelledAsOne(String accept) throws Exception {
		problem(send(request("/things").header("Accept", accept)), 406, "not-acceptable");
		problem(send(request("/things/7").header("Accept", accept + ", */*;q=0.1")), 409, "conflict");

		HttpResponse<String> list = send(request("/things").header("Accept", accept + ", */*;q=0.1"));
		assertThat(list.statusCode()).isEqualTo(200);
		assertThat(list.headers().firstValue("Content-Type")).hasValue("application/json");
		HttpResponse<String> health = send(request("/actuator/health/liveness"));
		assertThat(health.headers().firstValue("Content-Type"))
			.hasValueSatisfying((type) -> assertThat(type).startsWith("application/vnd.spring-boot.actuator.v3+json"));
	}

	@Test
	void whatCannotBeProducedIsNotAcceptable() throws Exception {
		problem(send(request("/things").header("Accept", "image/png")), 406, "not-acceptable");
		problem(send(request("/stream").header("Accept", "application/json")), 406, "not-acceptable");
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/xml", "multipart/form-data; boundary=x", "nonsense",
			"text/plain;charset=no-such-charset", "image/png" })
	void aBodyOfAnotherTypeIsRefused(String contentType) throws Exception {
		HttpResponse<String> response = send(
				post("/things", BodyPublishers.ofString("text=x")).header("Content-Type", contentType));

		problem(response, 415, "unsupported-media-type");
	}

	@Test
	void aMethodThatIsNotAllowedComesWithThoseThatAre() throws Exception {
		HttpResponse<String> response = send(request("/things").DELETE());

		assertThat(response.headers().firstValue("Allow"))
			.hasValueSatisfying((allow) -> assertThat(allow.split(", ?")).contains("GET", "POST"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/no-broker", "/busy" })
	void whatIsUnavailableComesWithATimeToTryAgain(String path) throws Exception {
		HttpResponse<String> response = send(request(path));

		assertThat(response.statusCode()).isEqualTo(503);
		assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/fails", "/fails-checked" })
	void aFailureOfTheServiceTellsNothingOfItsInside(String path) throws Exception {
		HttpResponse<String> response = send(request(path));

		problem(response, 500, "internal-error");
		assertThat(response.body()).doesNotContain("secret", "Exception");
	}

	@ParameterizedTest
	@ValueSource(ints = { MEBIBYTE + 1, 8 * MEBIBYTE })
	void aRequestThatIsTooLargeIsRefusedWithOrWithoutALength(int size) throws Exception {
		byte[] body = new byte[size];
		for (String contentType : new String[] { "text/plain", "application/json" }) {
			BodyPublisher withLength = BodyPublishers.ofByteArray(body);
			BodyPublisher withoutLength = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));

			problem(send(post("/things", withLength).header("Content-Type", contentType)), 413, "too-large");
			if (contentType.equals("text/plain")) {
				problem(send(post("/things", withoutLength).header("Content-Type", contentType)), 413, "too-large");
			}
		}
		byte[] json = ("{\"text\":\"" + "x".repeat(size) + "\"}").getBytes(StandardCharsets.UTF_8);
		problem(send(post("/things", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(json)))
			.header("Content-Type", "application/json")), 413, "too-large");
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET /nothing-here\r\n\r\n", "GET /things HTTP/9.9\r\nHost: localhost\r\n\r\n",
			"\0\1\2\3\r\n\r\n", "GET /a|b{}^ HTTP/1.1\r\nHost: localhost\r\n\r\n",
			"GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
			"GET / HTTP/1.1\r\nHost: localhost\r\nHost: b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
			"POST /things HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
			"GET /..%2f..%2fetc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
			"GET /a;b=c%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
			"POST /things HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" })
	void rubbishIsNeverAFailureOfTheServiceNorAPage(String rubbish) throws Exception {
		String response = raw(rubbish);

		// HTTP/0.9 has no head, and a connection may just be closed.
		assertThat(response).satisfiesAnyOf((text) -> assertThat(text).isEmpty(),
				(text) -> assertThat(text).startsWith("{").contains("\"status\":404"),
				(text) -> assertThat(text).startsWith("HTTP/1.1 4")
					.contains("application/problem+json", "\"status\":4"),
				(text) -> assertThat(text).startsWith("HTTP/1.1 505").contains("application/problem+json"));
		assertThat(response).doesNotContain("<html", "Exception", "Tomcat");
	}

	@Test
	void aHeaderThatIsTooLargeIsAProblem() throws Exception {
		String response = raw("GET /things HTTP/1.1\r\nHost: localhost\r\nX-Large: " + "x".repeat(20_000)
				+ "\r\nConnection: close\r\n\r\n");

		assertThat(response).startsWith("HTTP/1.1 4").contains("application/problem+json").doesNotContain("<html");
	}

	private String raw(String request) throws IOException {
		try (Socket socket = new Socket("127.0.0.1", this.port)) {
			socket.setSoTimeout(30_000);
			socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
			socket.shutdownOutput();
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + path));
	}

	private HttpRequest.Builder post(String path, BodyPublisher body) {
		return request(path).POST(body);
	}

	private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
		return this.client.send(request.build(), BodyHandlers.ofString());
	}

	private JsonNode problem(HttpResponse<String> response, int status, @Nullable String type) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		assertThat(response.headers().firstValue("Content-Type")).as(response.body())
			.hasValueSatisfying((value) -> assertThat(value).startsWith("application/problem+json"));
		assertThat(response.body()).doesNotContain("\tat ", "\"trace\"", "dev.warren", "org.springframework");
		JsonNode problem = this.jsonMapper.readTree(response.body());
		assertThat(problem.path("status").asInt()).isEqualTo(status);
		assertThat(problem.path("title").asString()).isNotBlank();
		assertThat(problem.path("detail").asString()).isNotBlank();
		assertThat(problem.path("type").asString()).startsWith("urn:warren:problem:");
		if (type != null) {
			assertThat(problem.path("type").asString()).as(response.body()).isEqualTo("urn:warren:problem:" + type);
		}
		return problem;
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import({ MessagingSupportConfiguration.class, ThingController.class })
	static class Application {

	}

	@RestController
	static class ThingController {

		@PostMapping(path = "/things", consumes = MediaType.APPLICATION_JSON_VALUE)
		Map<String, Object> json(@RequestBody @Valid Thing thing) {
			Text.of(thing.text());
			String fault = (thing.headers() != null) ? Headers.faultIn(thing.headers()) : null;
			if (fault != null) {
				throw new ProblemException(ProblemType.INVALID_VALUE, fault, "headers");
			}
			return Map.of();
		}

		@PostMapping(path = "/things", consumes = MediaType.TEXT_PLAIN_VALUE)
		Map<String, Object> text(@RequestBody(required = false) byte @Nullable [] text,
				@RequestHeader(name = HttpHeaders.CONTENT_TYPE,
						defaultValue = MediaType.TEXT_PLAIN_VALUE) MediaType contentType) {
			Text.of((text != null) ? text : new byte[0], contentType);
			return Map.of();
		}

		@GetMapping("/things")
		Map<String, Object> list(@RequestParam(defaultValue = "100") @Min(1) @Max(1000) int limit) {
			return Map.of("limit", limit);
		}

		@GetMapping("/things/{id}")
		Map<String, Object> one(@PathVariable int id) {
			throw new ProblemException(ProblemType.CONFLICT, "There is another %d".formatted(id), "id");
		}

		@GetMapping("/required")
		Map<String, Object> required(@RequestParam String name) {
			return Map.of("name", name);
		}

		@GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Map<String, Object> stream() {
			throw new ProblemException(ProblemType.NOT_FOUND, "There is no such stream");
		}

		@GetMapping("/no-broker")
		Map<String, Object> noBroker() {
			throw new AmqpConnectException(new IOException("refused"));
		}

		@GetMapping("/busy")
		Map<String, Object> busy() {
			throw new ProblemException(ProblemType.BUSY, "Too many things");
		}

		@GetMapping("/fails")
		Map<String, Object> fails() {
			throw new IllegalStateException("secret");
		}

		@GetMapping("/fails-checked")
		Map<String, Object> failsChecked() throws Exception {
			throw new Exception("secret");
		}

	}

	record Thing(@Nullable String text, @Nullable @Max(10) Integer count, @Nullable Map<String, Object> headers,
			@Nullable @Valid Inner inner, @Nullable Long large, @Nullable Double ratio, @Nullable Boolean urgent,
			@Nullable ProblemType status, @Nullable List<String> keys) {

	}

	record Inner(@Nullable @NotNull String name) {

	}

}
