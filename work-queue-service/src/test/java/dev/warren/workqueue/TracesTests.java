package dev.warren.workqueue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.HttpServer;
import dev.warren.test.BrokerUnderTest;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a collector gets over OTLP, with nothing set but its address: request, message and
 * work are one trace.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "spring.config.name=work-queue-service", "warren.work.dot=10ms" })
@DirtiesContext
class TracesTests {

	private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

	private static final ByteArrayOutputStream received = new ByteArrayOutputStream();

	private static final HttpServer collector = collector();

	@LocalServerPort
	int port;

	@DynamicPropertySource
	static void brokerAndCollector(DynamicPropertyRegistry properties) {
		BrokerUnderTest.register(properties);
		properties.add("management.opentelemetry.tracing.export.otlp.endpoint",
				() -> "http://localhost:" + collector.getAddress().getPort() + "/v1/traces");
	}

	@Test
	void requestMessageAndWorkAreOneTrace() throws Exception {
		HttpResponse<String> response = HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + "/tasks"))
				.header("Content-Type", "text/plain")
				.header("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01")
				.POST(HttpRequest.BodyPublishers.ofString("traced."))
				.build(), HttpResponse.BodyHandlers.ofString());

		assertThat(response.statusCode()).isEqualTo(202);
		try {
			// They are sent every five seconds.
			await().atMost(30, TimeUnit.SECONDS)
				.untilAsserted(() -> assertThat(spans()).contains("http post /tasks", "task_queue send",
						"task_queue receive"));
		}
		finally {
			collector.stop(0);
		}
	}

	private static HttpServer collector() {
		try {
			HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
			server.createContext("/v1/traces", (exchange) -> {
				exchange.getRequestBody().transferTo(received);
				exchange.sendResponseHeaders(200, -1);
				exchange.close();
			});
			server.start();
			return server;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	// A trace id is followed by the span's own and, a few fields later, by its name.
	private static String spans() {
		String all = received.toString(StandardCharsets.ISO_8859_1);
		StringBuilder ours = new StringBuilder();
		String id = id();
		for (int at = all.indexOf(id); at >= 0; at = all.indexOf(id, at + 1)) {
			ours.append(all, at, Math.min(all.length(), at + 120)).append('\n');
		}
		return ours.toString();
	}

	private static String id() {
		byte[] bytes = new byte[TRACE.length() / 2];
		for (int i = 0; i < bytes.length; i++) {
			bytes[i] = (byte) Integer.parseInt(TRACE.substring(2 * i, 2 * i + 2), 16);
		}
		return new String(bytes, StandardCharsets.ISO_8859_1);
	}

}
