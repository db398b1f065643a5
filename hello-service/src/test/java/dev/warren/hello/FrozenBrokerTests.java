package dev.warren.hello;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.warren.test.AmqpProxy;
import dev.warren.test.BrokerUnderTest;
import dev.warren.test.LocalService;
import dev.warren.test.RestClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The hello service while its broker is there and does not answer.
 */
class FrozenBrokerTests {

	@Test
	void aFrozenBrokerIsNotWaitedForAndNothingIsReportedSentUntilItThaws() throws Exception {
		try (BrokerUnderTest broker = BrokerUnderTest.start().withoutQueues("hello");
				AmqpProxy proxy = new AmqpProxy(broker);
				LocalService service = LocalService.start(HelloServiceApplication.application(), proxy.address())) {
			HelloClient hello = new HelloClient(service.port());
			hello.awaitReady();
			hello.accepted("before");
			proxy.freeze();

			for (HttpResponse<String> response : List.of(hello.get("/queue"), hello.postText("/messages", "frozen"))) {
				assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
				assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
				assertThat(RestClient.json(response).get("type").asString()).startsWith("urn:warren:problem:");
			}

			proxy.thaw();
			await().until(() -> hello.postText("/messages", "thawed").statusCode() == 202);
		}
	}

	@Test
	@Timeout(3 * 60)
	void noRequestWaitsForTheReceiversAttemptsToConnect() throws Exception {
		try (BrokerUnderTest broker = BrokerUnderTest.start().withoutQueues("hello");
				AmqpProxy proxy = new AmqpProxy(broker);
				LocalService service = LocalService.start(HelloServiceApplication.application(), proxy.address(),
						"--spring.rabbitmq.requested-heartbeat=1s", "--warren.hello.receivers=30")) {
			HelloClient hello = new HelloClient(service.port());
			hello.awaitReady();
			proxy.freeze();
			hello.awaitNotReady();

			// One after another: each receiver's attempt takes three seconds.
			for (int i = 0; i < 10; i++) {
				assertThat(hello.get("/queue").statusCode()).isEqualTo(503);
				assertThat(hello.postText("/messages", "x").statusCode()).isEqualTo(503);
			}
			List<CompletableFuture<Void>> stopped = new ArrayList<>();
			for (int i = 1; i < 30; i++) {
				stopped
					.add(CompletableFuture.allOf(hello.sendAsync(hello.request("/receivers/receiver-" + i).DELETE())));
			}
			CompletableFuture.allOf(stopped.toArray(CompletableFuture<?>[]::new)).get(1, TimeUnit.MINUTES);
			proxy.thaw();

			hello.awaitReady();
			String id = hello.accepted("after that");
			await().until(() -> hello.receivedIds().contains(id));
			broker.withoutQueues("hello");
		}
	}

}
