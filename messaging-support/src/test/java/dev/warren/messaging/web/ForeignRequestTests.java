package dev.warren.messaging.web;

import java.util.stream.Stream;

import dev.warren.messaging.MessagingSupportConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "spring.config.location=classpath:warren-service.yml", "spring.application.name=foreign",
				"warren.api.description=Foreign", "server.port=0",
				"warren.web.allowed-hosts=hello-service,Warren.Example" })
class ForeignRequestTests {

	@LocalServerPort
	private int port;

	@ParameterizedTest
	@ValueSource(strings = { "localhost", "localhost:PORT", "LocalHost:1", "127.0.0.1:PORT", "127.1.2.3", "[::1]:PORT",
			"[::1]", "10.1.2.3:8080", "192.168.0.7", "hello-service:8080", "warren.example", "" })
	void aHostOfThisMachineIsServed(String host) throws Exception {
		assertThat(get("/workers", "Host: " + host)).startsWith("HTTP/1.1 200");
	}

	@ParameterizedTest
	@ValueSource(strings = { "evil.example:PORT", "evil.example", "127.0.0.1.evil.example:PORT",
			"localhost.evil.example", "evil-localhost", "not.hello-service", "0x7f000001:PORT", "2130706433",
			"hello-service.evil.example" })
	void aHostOfAnotherNameIsRefused(String host) throws Exception {
		assertThat(get("/workers", "Host: " + host)).startsWith("HTTP/1.1 403")
			.contains("application/problem+json", "urn:warren:problem:forbidden", "The header Host is",
					"'warren.web.allowed-hosts'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/workers", "/actuator/health/liveness", "/actuator/prometheus", "/v3/api-docs",
			"/swagger-ui/index.html", "/nothing-here" })
	void everyPathIsProtected(String path) throws Exception {
		assertThat(get(path, "Host: evil.example:PORT")).startsWith("HTTP/1.1 403");
		assertThat(get(path, "Host: localhost:PORT", "Origin: http://evil.example")).startsWith("HTTP/1.1 403");
		assertThat(get(path, "Host: localhost:PORT", "Sec-Fetch-Site: cross-site")).startsWith("HTTP/1.1 403");
		assertThat(get(path, "Host: localhost:PORT", "Sec-Fetch-Site: none")).doesNotStartWith("HTTP/1.1 403");
	}

	@ParameterizedTest(name = "Host {0}, Origin {1}")
	@MethodSource
	void aForeignOriginIsRefused(String host, String origin) throws Exception {
		for (String method : new String[] { "POST", "GET", "OPTIONS", "HEAD" }) {
			assertThat(send(method, "/workers", "Host: " + host, "Origin: " + origin, "Content-Length: 0"))
				.startsWith("HTTP/1.1 403")
				.contains("application/problem+json");
		}
		assertThat(get("/workers", "Host: " + host, "Origin: " + origin)).contains("The header Origin is");
	}

	static Stream<Arguments> aForeignOriginIsRefused() {
		return Stream.of(arguments("localhost:PORT", "http://evil.example"),
				arguments("localhost:PORT", "http://evil.example:PORT"), arguments("localhost:PORT", "null"),
				arguments("localhost:PORT", "http://localhost"), arguments("localhost:PORT", "http://localhost:1"),
				arguments("localhost:PORT", "https://localhost:PORT"),
				arguments("localhost:PORT", "http://127.0.0.1:PORT"),
				arguments("127.0.0.1:PORT", "http://localhost:PORT"), arguments("localhost:PORT", ""),
				arguments("localhost:PORT", "http://localhost:PORT.evil.example"),
				arguments("localhost:PORT", "http://[not an address"), arguments("localhost:PORT", "file://"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "localhost:PORT", "127.0.0.1:PORT", "[::1]:PORT", "hello-service:8080", "warren.example" })
	void aPageOfTheServiceItselfIsServed(String host) throws Exception {
		assertThat(send("POST", "/workers", "Host: " + host, "Origin: http://" + host, "Sec-Fetch-Site: same-origin",
				"Content-Length: 0"))
			.startsWith("HTTP/1.1 200");
	}

	@ParameterizedTest
	@ValueSource(strings = { "cross-site", "same-site", "nonsense" })
	void aRequestOfAnotherSitesPageIsRefused(String site) throws Exception {
		assertThat(send("POST", "/workers", "Host: localhost:PORT", "Sec-Fetch-Site: " + site, "Content-Length: 0"))
			.startsWith("HTTP/1.1 403")
			.contains("application/problem+json", "The header Sec-Fetch-Site is '" + site + "'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/swagger-ui.html", "/swagger-ui/index.html" })
	void onlyALinkOfThisMachineLeadsToAPage(String page) throws Exception {
		String link = "Host: localhost:PORT\r\nSec-Fetch-Site: same-site\r\nSec-Fetch-Mode: navigate\r\n"
				+ "Sec-Fetch-Dest: document";

		assertThat(get(page, link)).containsPattern("^HTTP/1.1 (200|302)");
		assertThat(get("/workers", link)).startsWith("HTTP/1.1 403");
		assertThat(send("POST", page, link, "Content-Length: 0")).startsWith("HTTP/1.1 403");
		for (String other : new String[] { link.replace("same-site", "cross-site"), link.replace("document", "iframe"),
				link.replace("navigate", "no-cors"), link + "\r\nOrigin: http://localhost:1" }) {
			assertThat(get(page, other)).startsWith("HTTP/1.1 403");
		}
	}

	@Test
	void aFormIsATextUnlessAForeignPageSendsIt() throws Exception {
		String form = "Host: localhost:PORT\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 0";

		assertThat(send("POST", "/texts", form)).startsWith("HTTP/1.1 200");
		assertThat(send("POST", "/texts", form, "Origin: http://evil.example")).startsWith("HTTP/1.1 403");
		assertThat(send("POST", "/texts", form, "Origin: null")).startsWith("HTTP/1.1 403");
		assertThat(send("POST", "/texts", form, "Sec-Fetch-Site: same-site")).startsWith("HTTP/1.1 403");
	}

	@Test
	void aRequestWithoutAHostIsNotABrowsers() throws Exception {
		assertThat(RawHttp.exchange(this.port, "GET /workers HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200");
	}

	private String get(String path, String... headers) throws Exception {
		return send("GET", path, headers);
	}

	private String send(String method, String path, String... headers) throws Exception {
		String request = method + " " + path + " HTTP/1.1\r\n" + String.join("\r\n", headers)
				+ "\r\nConnection: close\r\n\r\n";
		return RawHttp.exchange(this.port, request.replace("PORT", String.valueOf(this.port)));
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import({ MessagingSupportConfiguration.class, WorkerController.class })
	static class Application {

	}

	@RestController
	static class WorkerController {

		@GetMapping("/workers")
		String list() {
			return "worker-1";
		}

		@PostMapping("/workers")
		String start() {
			return "worker-2";
		}

		@PostMapping(path = "/texts", consumes = "text/plain")
		String text() {
			return "taken";
		}

	}

}
