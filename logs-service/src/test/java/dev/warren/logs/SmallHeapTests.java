package dev.warren.logs;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import com.rabbitmq.client.BuiltinExchangeType;
import dev.warren.test.BrokerUnderTest;
import dev.warren.test.JavaProcess;
import dev.warren.test.RestClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What strangers send does not fill the memory of a service that has little of it.
 */
class SmallHeapTests {

	private static final String HEAP = "192m";

	private static final int MESSAGES = 8;

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	@Test
	void asManySubscriptionsAsThereMayBeAndLargeMessagesFitIn() throws Exception {
		try (BrokerUnderTest broker = BrokerUnderTest.start();
				JavaProcess service = JavaProcess.startServiceWithHeap(this.directory, HEAP,
						LogsServiceApplication.class, broker.address())) {
			LogsClient logs = new LogsClient(service.awaitHttpPort());
			logs.awaitReady();
			int begun = beginAll(logs);
			assertThat(begun).isBetween(50, 999);
			String text = RestClient.toJson(Map.of("message", "\u20ac".repeat(21_000)));

			for (int i = 0; i < MESSAGES; i++) {
				logs.emit("fanout", text);
			}
			// Of strangers, and nearly as large as messages may be.
			broker.withChannel((channel) -> {
				channel.exchangeDeclare("logs", BuiltinExchangeType.FANOUT);
				for (int i = 0; i < MESSAGES; i++) {
					channel.basicPublish("logs", "", null, "\u0000".repeat(1_000_000).getBytes(StandardCharsets.UTF_8));
				}
			});

			await().atMost(Duration.ofMinutes(2))
				.until(() -> logs.list("/subscriptions")
					.stream()
					.allMatch((subscription) -> subscription.get("received").asInt() == 2 * MESSAGES));
			assertThat(logs.list("/subscriptions")).hasSize(begun)
				.allMatch((subscription) -> subscription.get("gaps").asInt() == 0);
			assertThat(logs.list("/subscriptions/subscription-1/messages")).isNotEmpty();
		}
	}

	private static int beginAll(LogsClient logs) throws Exception {
		for (int begun = 0; begun < 1000; begun++) {
			HttpResponse<String> response = logs.postJson("/subscriptions", "{\"type\":\"fanout\"}");
			if (response.statusCode() == 409) {
				return begun;
			}
			assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
		}
		return 1000;
	}

}
