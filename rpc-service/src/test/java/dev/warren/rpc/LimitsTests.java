package dev.warren.rpc;

import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import com.rabbitmq.client.Delivery;
import dev.warren.rpc.calls.Caller;
import dev.warren.test.BrokerUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A client of which four calls may wait at once, and a server that answers when a test
 * says so.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LimitsTests {

	private BrokerUnderTest broker;

	private RpcService rpc;

	private Stranger server;

	@BeforeAll
	void start() throws Exception {
		this.broker = RpcService.broker();
		this.rpc = RpcService.start(this.broker, "--warren.rpc.roles=client", "--warren.rpc.timeout=60s",
				"--warren.rpc.max-in-flight=4", "--warren.rpc.batch-window=2");
	}

	@AfterAll
	void stop() {
		this.rpc.close();
		this.broker.close();
	}

	@BeforeEach
	void startServer() throws Exception {
		this.server = new Stranger(this.broker).serve();
	}

	@AfterEach
	void stopServer() throws Exception {
		this.server.channel().queueDelete("rpc_queue");
		this.server.close();
	}

	@Test
	void aCallMoreThanMayWaitIsRefusedAtOnceAndFindsAPlaceLater() throws Exception {
		long refused = this.rpc.replies("refused");
		List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
		for (int n = 0; n < 4; n++) {
			calls.add(this.rpc.getAsync("/fibonacci/" + n));
		}
		List<Delivery> requests = this.server.next(4);

		HttpResponse<String> fifth = this.rpc.get("/fibonacci/5");

		assertThat(fifth.statusCode()).isEqualTo(503);
		assertThat(fifth.headers().firstValue("Retry-After")).hasValue("1");
		assertThat(RpcService.type(fifth)).isEqualTo("urn:warren:problem:busy");
		assertThat(this.rpc.replies("refused")).isEqualTo(refused + 1);
		assertThat(this.rpc.replies("waiting")).isEqualTo(4);
		for (Delivery request : requests) {
			this.server.reply(request, "1");
		}
		calls.forEach((call) -> assertThat(RpcService.value(call.join())).isEqualTo("1"));
		CompletableFuture<HttpResponse<String>> next = this.rpc.getAsync("/fibonacci/5");
		this.server.reply(this.server.next(), "5");
		assertThat(RpcService.value(next.join())).isEqualTo("5");
	}

	@Test
	void aBatchKeepsToItsWindowAndLeavesRoomForOthers() throws Exception {
		CompletableFuture<HttpResponse<String>> batch = this.rpc.postJsonAsync("/fibonacci/batch", "[1,2,3,4,5,6]");
		List<Delivery> first = this.server.next(2);
		CompletableFuture<HttpResponse<String>> single = this.rpc.getAsync("/fibonacci/7");
		Delivery other = this.server.next();
		assertThat(Stranger.text(other)).isEqualTo("7");
		assertThat(this.rpc.replies("waiting")).isEqualTo(3);

		HttpResponse<String> second = this.rpc.postJson("/fibonacci/batch", "[8,9]");

		assertThat(second.statusCode()).isEqualTo(503);
		assertThat(second.headers().firstValue("Retry-After")).hasValue("1");
		this.server.reply(other, "13");
		assertThat(RpcService.value(single.join())).isEqualTo("13");
		for (Delivery request : first) {
			this.server.reply(request, "1");
		}
		for (int i = 0; i < 4; i++) {
			this.server.reply(this.server.next(), "1");
		}
		assertThat(batch.join().statusCode()).isEqualTo(200);
		assertThat(RpcService.json(batch.join()).size()).isEqualTo(6);
	}

	@Test
	void aCallerWhoLeavesFreesItsPlace() throws Exception {
		long cancelled = this.rpc.replies("cancelled");
		try (Socket caller = connect()) {
			send(caller, "GET /fibonacci/5 HTTP/1.1\r\nHost: localhost\r\n\r\n");
			this.server.next();
			assertThat(this.rpc.replies("waiting")).isOne();
		}

		await().until(() -> this.rpc.replies("waiting") == 0);

		assertThat(this.rpc.replies("cancelled")).isEqualTo(cancelled + 1);
	}

	@Test
	void aCallerWhoLeavesEndsItsBatch() throws Exception {
		long cancelled = this.rpc.replies("cancelled");
		try (Socket caller = connect()) {
			send(caller, "POST /fibonacci/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
					+ "Content-Length: 9\r\n\r\n[1,2,3,4]");
			this.server.next(2);
		}

		await().until(() -> this.rpc.replies("waiting") == 0);

		assertThat(this.rpc.replies("cancelled")).isEqualTo(cancelled + 2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET /replies HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "G" })
	void aCallerWhoSendsItsNextRequestEarlyHasNotLeft(String next) throws Exception {
		try (Socket caller = connect()) {
			send(caller, "GET /fibonacci/5 HTTP/1.1\r\nHost: localhost\r\n\r\n");
			Delivery request = this.server.next();
			send(caller, next);
			// Long enough for a few looks.
			await().during(Duration.ofMillis(3 * Caller.LOOK_INTERVAL_MILLIS))
				.until(() -> this.rpc.replies("waiting") == 1);
			this.server.reply(request, "5");
			if (next.length() == 1) {
				send(caller, "ET /replies HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
			}

			String answers = new String(caller.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
			assertThat(answers).containsSubsequence("HTTP/1.1 200", "\"value\":\"5\"", "HTTP/1.1 200", "\"waiting\":0");
		}
	}

	private Socket connect() throws Exception {
		return new Socket(InetAddress.getLoopbackAddress(), this.rpc.port());
	}

	private static void send(Socket caller, String request) throws Exception {
		caller.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
		caller.getOutputStream().flush();
	}

	@Test
	void aBatchOfWhichSomeWereAnsweredSaysWhatBecameOfTheOthers() throws Exception {
		CompletableFuture<HttpResponse<String>> batch = this.rpc.postJsonAsync("/fibonacci/batch", "[1,2,3,4]");
		List<Delivery> requests = this.server.next(2);
		this.server.reply(requests.get(0), "1");
		requests = this.server.next(1);

		this.rpc.loseConnection();

		assertThat(batch.join().statusCode()).isEqualTo(207);
		JsonNode answers = RpcService.json(batch.join());
		assertThat(answers.get(0).get("value").asString()).isEqualTo("1");
		for (int i = 1; i < 4; i++) {
			assertThat(answers.get(i).get("problem").get("status").asInt()).isEqualTo(503);
			assertThat(answers.get(i).has("value")).isFalse();
		}
	}

	@Test
	void withoutTheServerRoleThereAreNoServers() throws Exception {
		assertThat(this.rpc.get("/servers").statusCode()).isEqualTo(404);
	}

}
