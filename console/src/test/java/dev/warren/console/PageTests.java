package dev.warren.console;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.io.FileSystemResource;

import static dev.warren.test.RestClient.assertStatus;
import static dev.warren.test.RestClient.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page and its files, and what every answer tells the browser.
 */
class PageTests {

	private static final CountDownLatch restarting = new CountDownLatch(1);

	private static final CountDownLatch restarted = new CountDownLatch(1);

	private static RunningConsole console;

	@BeforeAll
	static void start() {
		BrokerRestart restart = () -> {
			restarting.countDown();
			try {
				restarted.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		};
		console = RunningConsole.start(
				(context) -> context.getBeanFactory().registerSingleton("brokerRestart", restart),
				"--warren.console.services.rpc.public-url=http://localhost:8284-8285",
				"--warren.console.broker.virtual-host=shop");
	}

	@AfterAll
	static void stop() {
		console.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/lessons/hello", "/playground", "/overview" })
	void thePageIsThereAtEachOfItsAddressesAndRunsItsOwnScriptsOnly(String path) throws Exception {
		HttpResponse<String> page = assertStatus(console.get(path), 200);

		Matcher importMap = Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL)
			.matcher(page.body());
		assertThat(importMap.find()).isTrue();
		String hash = Base64.getEncoder()
			.encodeToString(MessageDigest.getInstance("SHA-256").digest(importMap.group(1).getBytes(UTF_8)));
		assertThat(header(page, "Content-Security-Policy")).isEqualTo("default-src 'none'; script-src 'self' 'sha256-"
				+ hash + "'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
				+ "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
		assertThat(header(page, "Content-Type")).isEqualTo("text/html;charset=UTF-8");
		assertThat(page.body().replace(importMap.group(), "")).doesNotContainPattern("<script(?! type=\"module\" src)")
			.doesNotContainPattern("<style|\\s(style|on[a-z]+)=");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "/", "/page/console.js", "/settings", "/hello/messages", "/nothing-here", "/actuator/health" })
	void everyAnswerHasTheHeadersThatKeepStrangersOut(String path) throws Exception {
		for (HttpResponse<String> answer : List.of(console.get(path),
				console.getWith(path, "Sec-Fetch-Site", "cross-site"))) {
			assertThat(header(answer, "Content-Security-Policy")).startsWith("default-src 'none'");
			assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
			assertThat(header(answer, "Referrer-Policy")).isEqualTo("no-referrer");
			assertThat(header(answer, "Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
			assertThat(header(answer, "Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET /", "GET /page/console.js", "GET /settings", "GET /hello/messages",
			"GET /broker/api/overview", "POST /restart-broker" })
	void whatAStrangersPageSendsIsRefused(String request) throws Exception {
		String host = "Host: localhost:" + console.port();

		assertThat(console.exchange(request, "Host: evil.example")).startsWith("HTTP/1.1 403");
		assertThat(console.exchange(request, host, "Origin: http://localhost:8081")).startsWith("HTTP/1.1 403");
		assertThat(console.exchange(request, host, "Sec-Fetch-Site: same-site")).startsWith("HTTP/1.1 403");
	}

	@ParameterizedTest
	@CsvSource({ "/, text/html;charset=UTF-8", "/page/console.js, text/javascript", "/parts/style.css, text/css",
			"/webjars/lit-html/lit-html.js, text/javascript", "/webjars/lit-html/directives/repeat.js, text/javascript",
			"/sources/hello/Sender.java, text/x-java-source" })
	void aFileHasItsTypeAndIsSentAgainOnlyIfItChanged(String path, String type) throws Exception {
		HttpResponse<String> file = assertStatus(console.get(path), 200);

		assertThat(header(file, "Content-Type")).isEqualTo(type);
		assertThat(header(file, "Cache-Control")).isEqualTo("no-cache");
		assertStatus(console.getWith(path, "If-None-Match", header(file, "ETag")), 304);
		assertStatus(console.getWith(path, "If-None-Match", "\"another\""), 200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/page/", "/index.html", "/console.yml", "/page/../index.html", "/page/..%2findex.html",
			"/page/%2e%2e/index.html", "/page/..%5cindex.html", "/page/%252e%252e/index.html",
			"/sources/../ConsoleApplication.class", "/sources/hello/HelloProperties.java", "/webjars/swagger-ui/",
			"/webjars/lit-html/../swagger-ui/index.html", "/v3/api-docs", "/actuator/env", "/lessons/hello/x" })
	void nothingElseIsServed(String path) throws Exception {
		assertThat(console.exchange("GET " + path, "Host: localhost")).containsPattern("^HTTP/1.1 40[04]")
			.contains("application/problem+json");
	}

	@ParameterizedTest
	@CsvSource({ "hello, hello, HelloTopology Sender Receiver",
			"work-queue, workqueue, WorkTopology Sender Worker FailedTasks PublisherConfirms SimpleConfirms",
			"logs, logs, LogsTopology LogEmitter LogReceiver",
			"rpc, rpc, RpcTopology FibonacciClient FibonacciServer Fibonacci CrashedRequests RpcError",
			"postbox, postbox, PostboxTopology Postman PostBox" })
	void theClassesOfALessonAreThoseOfItsService(String lesson, String name, String classes) throws Exception {
		Path sources = Path.of("..", lesson + "-service", "src", "main", "java", "dev", "warren", name);
		for (String lessonClass : classes.split(" ")) {
			String file = lessonClass + ".java";

			assertThat(console.get("/sources/" + lesson + "/" + file).body())
				.isEqualTo(Files.readString(sources.resolve(file)));
		}
	}

	@Test
	void theSettingsAreWhatAPersonWouldType() throws Exception {
		assertThat(console.object("/settings").toString()).isEqualTo(
				"{\"virtualHost\":\"shop\",\"services\":{\"hello\":\"http://localhost:8081\",\"work-queue\":\"http://localhost:8082\","
						+ "\"logs\":\"http://localhost:8083\",\"rpc\":\"http://localhost:8284\",\"postbox\":\"http://localhost:8085\"},"
						+ "\"broker\":\"http://localhost:15672\",\"user\":\"guest\",\"restart\":true}");
	}

	@Test
	void theBrokerIsRestartedOnceAtATime() throws Exception {
		CompletableFuture<HttpResponse<String>> first = console.postAsync("/restart-broker");
		restarting.await();

		assertThat(json(assertStatus(console.post("/restart-broker"), 409)).get("type").asString())
			.isEqualTo("urn:warren:problem:conflict");
		restarted.countDown();
		assertStatus(first.get(), 204);
		assertStatus(console.post("/restart-broker"), 204);
	}

	@Test
	void thePageIsReadAgainWhileItIsBeingWritten(@TempDir Path directory) throws Exception {
		Path file = directory.resolve("index.html");
		Files.writeString(file, "<script type=\"importmap\">{}</script>");
		Index index = new Index(new FileSystemResource(file), true);
		String hash = index.content().importMapHash();

		Files.writeString(file, "<script type=\"importmap\">{\"imports\":{}}</script>");

		assertThat(index.content().html()).contains("imports");
		assertThat(index.content().importMapHash()).isNotEqualTo(hash);
	}

	private static String header(HttpResponse<?> response, String name) {
		return response.headers().firstValue(name).orElse("");
	}

}
