package dev.warren.messaging.web;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.warren.messaging.MessagingSupportConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * With Tomcat's 200 threads, as on JDK 17, whatever the JDK.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "spring.config.location=classpath:warren-service.yml", "spring.application.name=uploads",
				"warren.api.description=Uploads", "server.port=0", "spring.threads.virtual.enabled=false",
				"warren.web.upload-timeout=2s" })
class StalledUploadTests {

	private static final String LIVENESS = "GET /actuator/health/liveness HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

	private final List<Socket> sockets = new ArrayList<>();

	@LocalServerPort
	private int port;

	@AfterEach
	void close() throws IOException {
		for (Socket socket : this.sockets) {
			socket.close();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "POST /lengths", "POST /nothing-here", "GET /actuator/health" })
	void livenessAnswersWhileUploadsStall(String request) throws Exception {
		for (int i = 0; i < 250; i++) {
			upload(request
					+ " HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nx");
		}

		assertThat(RawHttp.exchange(this.port, LIVENESS)).startsWith("HTTP/1.1 200");
	}

	@Test
	void anUploadThatStallsIsToldAndTheNextOneServed() throws Exception {
		for (String head : List.of("Content-Length: 100\r\n\r\nx", "Transfer-Encoding: chunked\r\n\r\n64\r\nx")) {
			Socket socket = upload("POST /lengths HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n" + head);

			assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
				.startsWith("HTTP/1.1 408")
				.contains("application/problem+json", "urn:warren:problem:too-slow");
		}
		assertThat(RawHttp.exchange(this.port, post("12345"))).startsWith("HTTP/1.1 200").endsWith("5");
	}

	@Test
	void anUploadThatComesByteByByteIsToldToo() throws Exception {
		Socket socket = upload("POST /lengths HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
				+ "Content-Length: 1000\r\n\r\nx");

		await().pollInSameThread().until(() -> {
			if (socket.getInputStream().available() == 0) {
				socket.getOutputStream().write('x');
			}
			return socket.getInputStream().available() > 0;
		});

		byte[] status = socket.getInputStream().readNBytes(12);
		assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 408");
	}

	@Test
	void moreUploadsThanCanBeReceivedAreRefusedAndServedAgainLater() throws Exception {
		await().pollInSameThread().untilAsserted(() -> {
			// Again and again: on a slow machine the first are given up before the last
			// come.
			for (int i = 0; i < 250; i++) {
				upload("POST /lengths HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nx");
			}
			assertThat(RawHttp.exchange(this.port, post("x"))).startsWith("HTTP/1.1 503")
				.contains("Retry-After: 1", "urn:warren:problem:busy");
		});
		close();

		await().untilAsserted(() -> assertThat(RawHttp.exchange(this.port, post("x"))).startsWith("HTTP/1.1 200"));
	}

	@Test
	void aBodyInSeveralPiecesArrivesWhole() throws Exception {
		String text = "y".repeat(900_000);
		String chunked = "POST /lengths HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
				+ "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + Integer.toHexString(text.length())
				+ "\r\n" + text + "\r\n0\r\n\r\n";

		assertThat(RawHttp.exchange(this.port, chunked)).endsWith("900000");
		assertThat(RawHttp.exchange(this.port, post(text))).endsWith("900000");
	}

	private static String post(String text) {
		return "POST /lengths HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nConnection: close\r\n"
				+ "Content-Length: " + text.length() + "\r\n\r\n" + text;
	}

	private Socket upload(String request) throws IOException {
		Socket socket = new Socket("127.0.0.1", this.port);
		socket.setSoTimeout(30_000);
		this.sockets.add(socket);
		socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
		return socket;
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import({ MessagingSupportConfiguration.class, LengthController.class })
	static class Application {

	}

	@RestController
	static class LengthController {

		@PostMapping("/lengths")
		String length(@RequestBody byte[] body) {
			return String.valueOf(body.length);
		}

	}

}
