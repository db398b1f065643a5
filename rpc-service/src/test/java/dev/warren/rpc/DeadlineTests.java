package dev.warren.rpc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Delivery;
import dev.warren.test.AmqpProxy;
import dev.warren.test.BrokerUnderTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Calls whose time is up, and brokers that are away or frozen.
 */
class DeadlineTests {

	@Test
	void aCallNobodyAnswersEndsAtItsDeadlineAndItsRequestExpires() throws Exception {
		try (BrokerUnderTest broker = RpcService.broker();
				Stranger stranger = new Stranger(broker).serve();
				RpcService rpc = RpcService.start(broker, "--warren.rpc.roles=client", "--warren.rpc.timeout=300ms")) {
			HttpResponse<String> response = rpc.get("/fibonacci/10");

			assertThat(response.statusCode()).isEqualTo(504);
			assertThat(RpcService.type(response)).isEqualTo("urn:warren:problem:no-reply");
			assertThat(rpc.replies("timedOut")).isOne();
			stranger.reply(stranger.next(), "55");
			await().until(() -> rpc.replies("discarded") == 1);
			stranger.cancel();
			assertThat(rpc.get("/fibonacci/11").statusCode()).isEqualTo(504);
			await().until(() -> stranger.ready() == 0);
		}
	}

	@Test
	void aBatchNobodyAnswersGivesUpWithItsFirstCall() throws Exception {
		try (BrokerUnderTest broker = RpcService.broker();
				Stranger stranger = new Stranger(broker).serve();
				RpcService rpc = RpcService.start(broker, "--warren.rpc.roles=client", "--warren.rpc.timeout=300ms")) {
			HttpResponse<String> response = rpc.postJson("/fibonacci/batch",
					IntStream.range(0, 1000).boxed().toList().toString());

			assertThat(response.statusCode()).isEqualTo(504);
			// Those of the window, at most twice: each that timed out made room for one.
			assertThat(rpc.replies("timedOut")).isBetween(1L, 64L);
			assertThat(stranger.next()).isNotNull();
		}
	}

	@Test
	void aSlowComputationEndsAtItsDeadlineAndTheServerIsFreeAgain() throws Exception {
		try (BrokerUnderTest broker = RpcService.broker();
				Stranger stranger = new Stranger(broker);
				RpcService rpc = RpcService.start(broker, "--warren.rpc.algorithm=recursive",
						"--warren.rpc.timeout=60s")) {
			stranger.awaitConsumers(1);
			String replyTo = stranger.replyQueue();
			for (int i = 0; i < 20; i++) {
				stranger.request("40".getBytes(StandardCharsets.US_ASCII), due(replyTo, 5));
			}

			for (Delivery reply : stranger.next(20)) {
				assertThat(Stranger.header(reply, "x-error")).isEqualTo("TIMED_OUT");
			}
			assertThat(RpcService.value(rpc.get("/fibonacci/20"))).isEqualTo("6765");
			HttpResponse<String> tooLarge = rpc.get("/fibonacci/41");
			assertThat(tooLarge.statusCode()).isEqualTo(400);
			assertThat(tooLarge.body()).contains("0 to 40");
		}
	}

	@Test
	void theTimeInTheQueueIsPartOfTheDeadline() throws Exception {
		try (BrokerUnderTest broker = RpcService.broker();
				RpcService rpc = RpcService.start(broker, "--warren.rpc.timeout=60s");
				Stranger stranger = new Stranger(broker)) {
			stranger.awaitConsumers(1);
			stranger.request("10".getBytes(StandardCharsets.US_ASCII), due(stranger.replyQueue(), -1));

			assertThat(Stranger.header(stranger.next(), "x-error")).isEqualTo("TIMED_OUT");
			assertThat(RpcService.value(rpc.get("/fibonacci/10"))).isEqualTo("55");
		}
	}

	private static AMQP.BasicProperties due(String replyTo, long inMillis) {
		return new AMQP.BasicProperties.Builder().replyTo(replyTo)
			.correlationId("c")
			.headers(Map.of("x-deadline", String.valueOf(System.currentTimeMillis() + inMillis)))
			.build();
	}

	@Test
	void theServiceStartsWithoutABrokerAndWorksWhenItComesAndComesBack() throws Exception {
		try (BrokerUnderTest broker = RpcService.broker();
				AmqpProxy link = new AmqpProxy(broker).refuse();
				RpcService rpc = RpcService.start(link.address(), null, "--warren.rpc.timeout=2s")) {
			assertThat(rpc.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
			assertUnavailable(rpc.get("/fibonacci/10"));
			assertUnavailable(rpc.postJson("/fibonacci/batch", "[1,2,3]"));
			assertThat(rpc.servers("running")).hasSize(1);

			for (int i = 0; i < 2; i++) {
				link.mend();
				await().atMost(Duration.ofSeconds(30))
					.until(() -> rpc.isReady() && rpc.get("/fibonacci/10").statusCode() == 200);

				link.refuse();
				await().until(() -> !rpc.isReady());
				assertUnavailable(rpc.get("/fibonacci/10"));
			}
		}
	}

	private static void assertUnavailable(HttpResponse<String> response) {
		assertThat(response.statusCode()).isEqualTo(503);
		assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
		assertThat(RpcService.type(response)).isEqualTo("urn:warren:problem:broker-unavailable");
	}

	@Test
	void aCallUnderWayIsAnsweredThoughTheServiceStops() throws Exception {
		try (BrokerUnderTest broker = RpcService.broker();
				Stranger stranger = new Stranger(broker).serve();
				RpcService rpc = RpcService.start(broker, "--warren.rpc.roles=client", "--warren.rpc.timeout=60s")) {
			CompletableFuture<HttpResponse<String>> call = rpc.getAsync("/fibonacci/10");
			Delivery request = stranger.next();
			CompletableFuture<Void> stopped = CompletableFuture.runAsync(rpc::close);
			await().until(() -> isClosed(rpc.port()));

			stranger.reply(request, "55");

			assertThat(RpcService.value(call.join())).isEqualTo("55");
			stopped.join();
		}
	}

	private static boolean isClosed(int port) {
		try {
			new Socket(InetAddress.getLoopbackAddress(), port).close();
			return false;
		}
		catch (IOException ex) {
			return true;
		}
	}

	@Test
	void aBrokerThatSaysNothingIsUnavailable() throws Exception {
		// It accepts connections, and the client waits longer for more than a call does.
		try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
				RpcService rpc = RpcService.start("127.0.0.1:" + mute.getLocalPort(), null,
						"--warren.rpc.timeout=200ms", "--spring.rabbitmq.connection-timeout=60s",
						"--spring.main.register-shutdown-hook=false")) {
			HttpResponse<String> response = rpc.get("/fibonacci/10");

			assertUnavailable(response);
			assertThat(response.body()).contains("The request was not sent");
		}
	}

}
