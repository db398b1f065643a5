package dev.warren.hello;

import java.net.http.HttpResponse;
import java.util.List;

import dev.warren.test.AmqpProxy;
import dev.warren.test.BrokerUnderTest;
import dev.warren.test.LocalService;
import dev.warren.test.RestClient;
import org.junit.jupiter.api.Test;

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

}
