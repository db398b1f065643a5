package dev.warren.rpc;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import com.rabbitmq.client.Delivery;
import dev.warren.test.BrokerUnderTest;
import dev.warren.test.JavaProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Client and server in processes of their own, and servers that are killed and
 * terminated.
 */
class ServerProcessTests {

	private static final int CALLS = 8;

	// A good part of a second's work, so that the server is busy when it is killed.
	private static final int N = 38;

	private static final String VALUE = FibonacciTests.independently(N).toString();

	@TempDir
	Path directory;

	@Test
	void whatAKilledServerHeldIsAnsweredByAnother() throws Exception {
		try (BrokerUnderTest broker = RpcService.broker();
				Stranger stranger = new Stranger(broker);
				JavaProcess victim = start(broker);
				RpcService client = RpcService.start(broker, "--warren.rpc.roles=client", "--warren.rpc.timeout=60s")) {
			RpcService server = RpcService.at(victim.awaitHttpPort());
			assertThat(server.get("/fibonacci/1").statusCode()).isEqualTo(404);
			stranger.awaitConsumers(1);
			List<CompletableFuture<HttpResponse<String>>> calls = IntStream.range(0, CALLS)
				.mapToObj((i) -> client.getAsync("/fibonacci/" + N))
				.toList();
			await().until(() -> client.replies("waiting") > 1 && client.replies("answered") > 0);

			victim.kill();

			try (RpcService survivor = RpcService.start(broker, "--warren.rpc.roles=server")) {
				calls.forEach((call) -> assertThat(RpcService.value(call.join())).isEqualTo(VALUE));
				assertThat(survivor.servers("running")).hasSize(1);
			}
		}
	}

	@Test
	void aTerminatedServerAnswersWhatItHoldsAndLeavesTheRestToOthersUncounted() throws Exception {
		try (BrokerUnderTest broker = RpcService.broker();
				Stranger stranger = new Stranger(broker);
				JavaProcess server = start(broker)) {
			server.awaitHttpPort();
			stranger.awaitConsumers(1);
			String replyTo = stranger.replyQueue();
			for (int i = 0; i < CALLS; i++) {
				stranger.request(String.valueOf(N), replyTo, "c-" + i);
			}
			stranger.next();

			assertThat(server.terminate()).isEqualTo(143);

			assertThat(server.output()).doesNotContain("ERROR").doesNotContain("Exception");
			stranger.awaitConsumers(0);
			assertThat(stranger.ready()).isPositive();
			stranger.serve();
			// Replies, and then the requests nobody has answered.
			for (Delivery delivery : stranger.next(CALLS - 1)) {
				assertThat(delivery.getEnvelope().isRedeliver()).isFalse();
				assertThat(Stranger.text(delivery)).isIn(VALUE, String.valueOf(N));
			}
		}
	}

	private JavaProcess start(BrokerUnderTest broker) throws IOException {
		return JavaProcess.startService(this.directory, RpcServiceApplication.class, broker.address(),
				"--warren.rpc.roles=server", "--warren.rpc.algorithm=recursive", "--warren.rpc.timeout=60s");
	}

}
