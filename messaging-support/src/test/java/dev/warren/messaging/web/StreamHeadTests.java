package dev.warren.messaging.web;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.atomic.AtomicInteger;

import dev.warren.messaging.MessagingSupportConfiguration;
import dev.warren.messaging.feed.EventStreams;
import dev.warren.messaging.feed.MessageFeed;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "spring.config.location=classpath:warren-service.yml", "spring.application.name=streams",
				"warren.api.description=Streams", "server.port=0" })
class StreamHeadTests {

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	@LocalServerPort
	private int port;

	@Autowired
	@SuppressWarnings("NullAway.Init")
	private StreamController controller;

	@Test
	void aHundredHeadsGetTheHeadersOfAStreamAndOpenNone() throws Exception {
		for (int i = 0; i < 100; i++) {
			HttpResponse<String> head = send("HEAD", "/stream");

			assertThat(head.statusCode()).isEqualTo(200);
			assertThat(head.headers().firstValue("Content-Type")).hasValue("text/event-stream;charset=UTF-8");
			assertThat(head.headers().firstValue("Cache-Control")).hasValue("no-store");
		}

		assertThat(this.controller.opened).hasValue(0);
	}

	@Test
	void aHeadOfSomethingElseIsAnsweredByItsController() throws Exception {
		assertThat(send("HEAD", "/list").headers().firstValue("X-Controller")).hasValue("list");
		assertThat(send("HEAD", "/nothing-here").statusCode()).isEqualTo(404);
	}

	private HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
		return this.client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + path))
			.method(method, BodyPublishers.noBody())
			.build(), BodyHandlers.ofString());
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import({ MessagingSupportConfiguration.class, StreamController.class })
	static class Application {

	}

	@RestController
	static class StreamController {

		private final AtomicInteger opened = new AtomicInteger();

		private final MessageFeed<String> feed = new MessageFeed<>(10, DataSize.ofMegabytes(1), String::length);

		private final EventStreams streams;

		StreamController(EventStreams streams) {
			this.streams = streams;
		}

		@GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		void stream(HttpServletRequest request, HttpServletResponse response) throws IOException {
			this.opened.incrementAndGet();
			this.streams.stream(this.feed, request, response);
		}

		@GetMapping("/list")
		String list(HttpServletResponse response) {
			response.setHeader("X-Controller", "list");
			return "[]";
		}

	}

}
