package dev.warren.console;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.warren.broker.app.EmbeddedBrokerApplication;
import dev.warren.test.EventReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import static dev.warren.test.RestClient.assertStatus;
import static dev.warren.test.RestClient.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

/**
 * What the console passes on: to a service that a test scripts, and to a broker.
 */
class ProxyTests {

	private static final String PASSWORD = "carrots-and-cabbage";

	private static final BlockingQueue<Received> received = new LinkedBlockingQueue<>();

	private static final CountDownLatch ready = new CountDownLatch(1);

	private static final CountDownLatch stopped = new CountDownLatch(1);

	private static final ExecutorService threads = Executors.newCachedThreadPool();

	private static HttpServer service;

	private static ServerSocket silent;

	private static ConfigurableApplicationContext broker;

	private static RunningConsole console;

	@BeforeAll
	static void start() throws IOException {
		service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		service.setExecutor(threads);
		service.createContext("/", ProxyTests::answer);
		service.start();
		silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		broker = EmbeddedBrokerApplication.application()
			.run("--server.port=0", "--warren.broker.port=0", "--warren.broker.store=memory",
					"--warren.broker.users.console=" + PASSWORD);
		String url = "http://localhost:" + service.getAddress().getPort();
		console = RunningConsole.start("--warren.console.services.hello.url=" + url,
				"--warren.console.services.logs.url=http://localhost:" + silent.getLocalPort(),
				"--warren.console.services.rpc.url=http://localhost:" + unused(),
				"--warren.console.services.postbox.url=" + url + "/",
				"--warren.console.broker.url=http://localhost:"
						+ broker.getEnvironment().getProperty("local.server.port"),
				"--warren.console.broker.username=console", "--warren.console.broker.password=" + PASSWORD,
				"--warren.console.timeout=3s");
	}

	@AfterAll
	static void stop() throws IOException {
		stopped.countDown();
		console.close();
		broker.close();
		silent.close();
		service.stop(0);
		threads.shutdownNow();
	}

	@BeforeEach
	void forgetEarlierRequests() {
		received.clear();
	}

	@Test
	void aRequestArrivesAsItWasSentWithoutWhatTheBrowserAdds() throws Exception {
		console.send(console.request("/hello/a%2Fb/%C3%A9;v=1?q=%22%2F&r=+")
			.method("PUT", HttpRequest.BodyPublishers.ofString("{\"text\":\"é\"}"))
			.header("Content-Type", "application/json")
			.header("Accept", "application/json")
			.header("Last-Event-ID", "7")
			.header("Origin", "http://127.0.0.1:" + console.port())
			.header("Referer", "http://127.0.0.1/secret")
			.header("Sec-Fetch-Site", "same-origin")
			.header("Sec-Fetch-Mode", "cors")
			.header("Cookie", "session=1")
			.header("Authorization", "Basic eDp5")
			.header("X-Forwarded-Host", "evil.example"));

		Received request = received.take();
		assertThat(request.line()).isEqualTo("PUT /a%2Fb/%C3%A9;v=1?q=%22%2F&r=+");
		assertThat(request.body()).isEqualTo("{\"text\":\"é\"}");
		assertThat(request.headers()).containsEntry("Content-type", List.of("application/json"))
			.containsEntry("Accept", List.of("application/json"))
			.containsEntry("Last-event-id", List.of("7"))
			.doesNotContainKeys("Origin", "Referer", "Sec-fetch-site", "Sec-fetch-mode", "Cookie", "Authorization",
					"X-forwarded-host");
	}

	@Test
	void anAnswerComesAsItIsWithoutWhatIsNotForThePage() throws Exception {
		HttpResponse<String> answer = console.get("/hello/answer");

		assertThat(answer.statusCode()).isEqualTo(418);
		assertThat(answer.body()).isEqualTo("short and stout");
		assertThat(answer.headers().map()).containsEntry("content-type", List.of("text/plain;charset=UTF-8"))
			.containsEntry("retry-after", List.of("7"))
			.containsEntry("etag", List.of("\"tea\""))
			.doesNotContainKeys("set-cookie", "www-authenticate", "access-control-allow-origin", "server");
		assertThat(answer.headers().allValues("Content-Security-Policy")).singleElement()
			.asString()
			.startsWith("default-src 'none'");
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-", textBlock = """
			hello,   /tasks/1,                        /hello/tasks/1
			hello,   http://localhost:PORT/tasks/1?a, /hello/tasks/1?a
			postbox, http://localhost:PORT/boxes/a,   /postbox/boxes/a
			hello,   http://evil.example/x,           -
			hello,   http://localhost:PORT1/x,        -
			hello,   //evil.example/x,                -
			hello,   javascript:alert(1),             -
			""")
	void aLocationIsOneOfTheConsole(String name, String location, @Nullable String expected) throws Exception {
		HttpResponse<String> answer = console.getWith("/" + name + "/location", "X-Reason",
				location.replace("PORT", String.valueOf(service.getAddress().getPort())));

		assertStatus(answer, 201);
		assertThat(answer.headers().firstValue("Location").orElse(null)).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/hello/../broker/api/overview", "/hello/.%2e/x", "/hello/%2E%2E/x", "/hello/./x",
			"/hello/..;x=1/y", "/hello/..%2Fx", "/hello/%2e%2e%5Cx", "/hello/.." })
	void aPathThatLeadsElsewhereIsRefused(String path) throws Exception {
		assertThat(console.exchange("GET " + path, "Host: localhost")).startsWith("HTTP/1.1 400")
			.contains("application/problem+json");
	}

	@Test
	void aBodyThatIsTooLargeIsNotPassedOn() throws Exception {
		assertStatus(console.postText("/hello/large", "x".repeat(4 * 1024 * 1024 + 1)), 413);
		assertStatus(console.postText("/hello/large", "x".repeat(4 * 1024 * 1024)), 200);

		assertThat(received.take().body()).hasSize(4 * 1024 * 1024);
	}

	@Test
	void aServiceThatDoesNotRunIsAProblemAndSoIsOneThatDoesNotAnswer() throws Exception {
		assertProblem(console.get("/rpc/fibonacci/5"), 503, "not-running");
		assertThat(console.get("/rpc/fibonacci/5").headers().firstValue("Retry-After")).isPresent();
		assertProblem(console.get("/logs/subscriptions"), 504, "no-answer");
		assertProblem(console.get("/hello/nothing"), 502, "broken-answer");
	}

	@Test
	void anAnswerThatIsBrokenOffDoesNotLookWhole() throws Exception {
		assertProblem(console.get("/hello/broken-off?after=10"), 502, "broken-answer");
		assertProblem(console.get("/hello/halting?after=10"), 502, "broken-answer");

		assertThatIOException().isThrownBy(() -> console.get("/hello/broken-off?after=100000"));
		assertThatIOException().isThrownBy(() -> console.get("/hello/halting?after=100000"));
	}

	private static void assertProblem(HttpResponse<String> answer, int status, String type) {
		assertStatus(answer, status);
		assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(json(answer).get("type").asString()).isEqualTo("urn:warren:problem:" + type);
		assertThat(answer.body()).doesNotContain("Exception", "java.", "localhost");
	}

	@Test
	void anEventArrivesAtOnceAndTheStreamEndsWithTheServices() throws Exception {
		try (EventReader stream = EventReader.open(console, "/hello/stream").start()) {
			await().until(() -> stream.count() == 1);
			assertThat(stream.events().get(0).data()).isEqualTo("first");
			assertThat(stream.hasEnded()).isFalse();

			ready.countDown();

			await().until(stream::hasEnded);
			assertThat(stream.events()).extracting(EventReader.Event::data).containsExactly("first", "last");
		}
	}

	@Test
	void aStreamThatThePageLeavesIsLeftThoughItIsSilent() throws Exception {
		CompletableFuture<Integer> end = new CompletableFuture<>();
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
				RunningConsole another = RunningConsole
					.start("--warren.console.services.hello.url=http://localhost:" + server.getLocalPort())) {
			threads.execute(() -> stream(server, end));
			EventReader page = EventReader.open(another, "/hello/stream").start();
			await().until(() -> page.count() == 1);
			assertThat(end).isNotDone();

			page.close();

			assertThat(end.get(30, TimeUnit.SECONDS)).isEqualTo(-1);
		}
	}

	// One event, and nothing more until the connection ends.
	private static void stream(ServerSocket server, CompletableFuture<Integer> end) {
		try (Socket connection = server.accept()) {
			InputStream in = connection.getInputStream();
			for (int last = 0, read = in.read(); last != '\r' || read != '\r'; read = in.read()) {
				if (read != '\n') {
					last = read;
				}
			}
			in.read();
			connection.getOutputStream()
				.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n:\n\ndata: one\n\n".getBytes(UTF_8));
			end.complete(in.read());
		}
		catch (IOException ex) {
			end.completeExceptionally(ex);
		}
	}

	@Test
	void theBrokerGetsTheConsolesUserAndThePageNeverDoes() throws Exception {
		assertThat(console.object("/broker/api/whoami").get("name").asString()).isEqualTo("console");
		String credentials = Base64.getEncoder().encodeToString(("console:" + PASSWORD).getBytes(UTF_8));
		List<HttpResponse<String>> answers = new ArrayList<>();
		for (String path : List.of("/", "/settings", "/actuator/health", "/broker/", "/broker/api/overview",
				"/broker/api/users", "/broker/api/nothing", "/broker/actuator/health", "/broker")) {
			answers.add(console.get(path));
		}

		assertThat(answers).allSatisfy((answer) -> {
			assertThat(answer.body()).doesNotContain(PASSWORD, credentials);
			assertThat(answer.headers().map().toString()).doesNotContain(PASSWORD, credentials);
		});
	}

	@Test
	void anEncodedSlashReachesTheBroker() throws Exception {
		assertStatus(console.putJson("/broker/api/vhosts/a%2Fb", "{}"), 201);
		assertStatus(console.putJson("/broker/api/queues/a%2Fb/c%2Fd", "{\"durable\":true}"), 201);

		assertThat(console.object("/broker/api/queues/a%2Fb/c%2Fd").get("name").asString()).isEqualTo("c/d");
		assertThat(console.list("/broker/api/queues/%2F")).isEmpty();
	}

	@Test
	void aBrokerThatDoesNotKnowTheConsolesUserIsAProblemAndNoLogin() throws Exception {
		try (RunningConsole wrong = RunningConsole.start(
				"--warren.console.broker.url=http://localhost:"
						+ broker.getEnvironment().getProperty("local.server.port"),
				"--warren.console.broker.username=console", "--warren.console.broker.password=wrong")) {
			HttpResponse<String> answer = assertStatus(wrong.get("/broker/api/overview"), 502);

			assertThat(answer.headers().firstValue("WWW-Authenticate")).isEmpty();
			assertThat(answer.body()).contains("warren.console.broker.password").doesNotContain("wrong\"");
			assertStatus(wrong.post("/restart-broker"), 404);
		}
	}

	private static void answer(HttpExchange exchange) throws IOException {
		try (exchange) {
			received.add(new Received(exchange.getRequestMethod() + " " + exchange.getRequestURI(),
					Map.copyOf(exchange.getRequestHeaders()),
					new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
			switch (exchange.getRequestURI().getPath()) {
				case "/answer" -> {
					exchange.getResponseHeaders().add("Content-Type", "text/plain;charset=UTF-8");
					exchange.getResponseHeaders().add("Retry-After", "7");
					exchange.getResponseHeaders().add("ETag", "\"tea\"");
					exchange.getResponseHeaders().add("Set-Cookie", "a=b");
					exchange.getResponseHeaders().add("Server", "stub");
					exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=x");
					exchange.getResponseHeaders().add("Access-Control-Allow-Origin", "*");
					exchange.getResponseHeaders().add("Content-Security-Policy", "default-src *");
					respond(exchange, 418, "short and stout");
				}
				case "/location" -> {
					exchange.getResponseHeaders().add("Location", exchange.getRequestHeaders().getFirst("X-Reason"));
					respond(exchange, 201, "");
				}
				case "/stream" -> {
					exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
					exchange.sendResponseHeaders(200, 0);
					exchange.getResponseBody().write(":\n\ndata: first\n\n".getBytes(UTF_8));
					exchange.getResponseBody().flush();
					ready.await();
					exchange.getResponseBody().write("data: last\n\n".getBytes(UTF_8));
				}
				case "/broken-off", "/halting" -> {
					int after = Integer.parseInt(exchange.getRequestURI().getQuery().replace("after=", ""));
					exchange.sendResponseHeaders(200, 200_000);
					exchange.getResponseBody().write(new byte[after]);
					exchange.getResponseBody().flush();
					if (exchange.getRequestURI().getPath().equals("/halting")) {
						stopped.await();
					}
				}
				case "/nothing" -> {
				}
				default -> respond(exchange, 200, "{}");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void respond(HttpExchange exchange, int status, String body) throws IOException {
		exchange.sendResponseHeaders(status, body.isEmpty() ? -1 : body.length());
		exchange.getResponseBody().write(body.getBytes(UTF_8));
	}

	private static int unused() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	private record Received(String line, Map<String, List<String>> headers, String body) {

	}

}
