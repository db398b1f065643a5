package dev.warren.broker.app;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.warren.broker.AmqpClient;
import dev.warren.broker.EmbeddedBroker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the app's HTTP side refuses, and how it says so.
 */
class BrokerHttpTests {

	private static ConfigurableApplicationContext context;

	private static int port;

	@BeforeAll
	static void start() {
		context = EmbeddedBrokerApplication.application()
			.run("--server.port=0", "--warren.broker.port=0", "--warren.broker.store=memory",
					"--warren.web.allowed-hosts=embedded-broker,another");
		port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "Host: localhost:PORT", "Host: 10.0.0.7:PORT", "Host: [::1]:PORT",
			"Host: embedded-broker:8080", "Host: localhost:PORT\r\nOrigin: http://localhost:PORT",
			"Host: localhost:PORT\r\nSec-Fetch-Site: same-origin" })
	void aRequestForThisMachineIsServed(String headers) throws IOException {
		assertThat(send("GET /actuator/health", headers)).startsWith("HTTP/1.1 200");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Host: evil.example:PORT", "Host: localhost:PORT\r\nOrigin: http://evil.example",
			"Host: localhost:PORT\r\nOrigin: null", "Host: localhost:PORT\r\nOrigin: http://localhost:8080",
			"Host: localhost:PORT\r\nSec-Fetch-Site: cross-site", "Host: localhost:PORT\r\nSec-Fetch-Site: same-site" })
	void aRequestOfAStrangersPageIsRefused(String headers) throws IOException {
		for (String request : new String[] { "GET /actuator/health", "GET /", "POST /actuator/health" }) {
			assertThat(send(request, headers)).startsWith("HTTP/1.1 403")
				.contains("application/problem+json", "\"detail\":\"The header ");
		}
	}

	@Test
	void theConsoleMayLinkToThePage() throws IOException {
		String link = "Host: localhost:PORT\r\nSec-Fetch-Site: same-site\r\nSec-Fetch-Mode: navigate\r\n"
				+ "Sec-Fetch-Dest: document";

		assertThat(send("GET /", link)).startsWith("HTTP/1.1 200");
		assertThat(send("GET /api/overview", link)).startsWith("HTTP/1.1 403");
		assertThat(send("POST /", link)).startsWith("HTTP/1.1 403");
		assertThat(send("GET /", link.replace("same-site", "cross-site"))).startsWith("HTTP/1.1 403");
		assertThat(send("GET /", link.replace("document", "iframe"))).startsWith("HTTP/1.1 403");
	}

	@ParameterizedTest
	@CsvSource({ "POST /, 405", "GET /nothing-here, 404", "GET /error, 404", "GET /actuator/env, 404",
			"POST /actuator/health, 405", "GET /%zz, 400", "GET /a|b, 400" })
	void anErrorIsAProblem(String request, int status) throws IOException {
		assertThat(send(request, "Host: localhost:PORT\r\nAccept: text/html")).startsWith("HTTP/1.1 " + status)
			.contains("application/problem+json", "\"status\":" + status, "}\n")
			.doesNotContain("<html");
	}

	@Test
	void thePageAtTheRootSaysWhatThisIsAndLinksToItsHealth() throws IOException {
		int amqp = context.getBean(EmbeddedBroker.class).port();

		assertThat(send("GET /", "Host: localhost:PORT\r\nAccept: text/html")).startsWith("HTTP/1.1 200")
			.contains("text/html", ":" + amqp + "</code>", "in memory", "href=\"/actuator/health\"",
					"href=\"/actuator/upgradereport\"");
		assertThat(send("GET /actuator/health", "Host: localhost:PORT")).contains("}\n");
	}

	@Test
	void thePageMayLoadNothingButItsOwnFilesAndNothingElseIsServed() throws IOException {
		assertThat(send("GET /", "Host: localhost:PORT")).contains("Content-Security-Policy: default-src 'none'; ",
				"frame-ancestors 'none'", "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer");
		for (String file : List.of("/page/app.js", "/parts/style.css", "/lit-html/lit-html.js")) {
			assertThat(send("GET " + file, "Host: localhost:PORT")).startsWith("HTTP/1.1 200")
				.contains("X-Content-Type-Options: nosniff", "Cache-Control: no-cache");
		}
		for (String file : List.of("/index.html", "/page/", "/page/../index.html", "/page/%2e%2e/index.html",
				"/embedded-broker.yml", "/webjars/lit-html/package.json", "/META-INF/NOTICE")) {
			assertThat(send("GET " + file, "Host: localhost:PORT")).as(file).doesNotStartWith("HTTP/1.1 200");
		}
	}

	@Test
	void theUpgradeReportIsServed() throws Exception {
		try (AmqpClient client = AmqpClient.connect(context.getBean(EmbeddedBroker.class).uri())) {
			client.channel().basicQos(3, true);

			assertThat(send("GET /actuator/upgradereport", "Host: localhost:PORT")).startsWith("HTTP/1.1 200")
				.contains("\"version\":\"4.3\"", "\"change\":\"global-prefetch\"", "\"cure\":\"Set the prefetch ");
		}
	}

	private static String send(String request, String headers) throws IOException {
		try (Socket socket = new Socket("127.0.0.1", port)) {
			socket.setSoTimeout(30_000);
			String text = request + " HTTP/1.1\r\n" + headers + "\r\nConnection: close\r\n\r\n";
			socket.getOutputStream()
				.write(text.replace("PORT", String.valueOf(port)).getBytes(StandardCharsets.US_ASCII));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
