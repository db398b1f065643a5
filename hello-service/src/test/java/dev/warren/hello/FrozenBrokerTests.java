package dev.warren.hello;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.warren.test.AmqpProxy;
import dev.warren.test.BrokerUnderTest;
import dev.warren.test.LocalService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The hello service when its broker accepts connections and then says nothing.
 */
class FrozenBrokerTests {

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
