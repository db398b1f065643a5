package dev.warren.rpc;

import java.net.http.HttpResponse;

import dev.warren.test.BrokerUnderTest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The queue of the requests, as this service declares it and as others do.
 */
class QueueTests {

	@Test
	void theQueueIsTheTutorialsOfTheSeeds() throws Exception {
		try (BrokerUnderTest broker = RpcService.broker(); RpcService rpc = RpcService.start(broker)) {
			await().until(() -> rpc.object("/queue").get("consumers").asInt() == 1);

			JsonNode queue = rpc.object("/queue");
			assertThat(queue.get("name").asString()).isEqualTo("rpc_queue");
			assertThat(queue.get("messages").asInt()).isZero();
			assertThat(queue.get("declaredBy").asString()).isEqualTo("self");
			assertThat(queue.get("durable").asBoolean()).isFalse();
			assertThat(queue.get("arguments").isEmpty()).isTrue();
		}
	}

	@Test
	void theQueueIsTheTutorialsOfTodayInTheCurrentEdition() throws Exception {
		try (BrokerUnderTest broker = RpcService.broker();
				RpcService rpc = RpcService.start(broker, "--warren.edition=current")) {
			assertThat(RpcService.value(rpc.get("/fibonacci/30"))).isEqualTo("832040");

			JsonNode queue = rpc.object("/queue");
			assertThat(queue.get("declaredBy").asString()).isEqualTo("self");
			assertThat(queue.get("durable").asBoolean()).isTrue();
			assertThat(queue.get("arguments").get("x-queue-type").asString()).isEqualTo("quorum");
		}
		finally {
			RpcService.broker().close();
		}
	}

	@Test
	void aQueueThatSomebodyElseDeclaredIsUsedAndToldOf() throws Exception {
		try (BrokerUnderTest broker = RpcService.broker()) {
			broker.withChannel((channel) -> channel.queueDeclare("rpc_queue", true, false, false, null));
			try (RpcService rpc = RpcService.start(broker)) {
				assertThat(RpcService.value(rpc.get("/fibonacci/30"))).isEqualTo("832040");

				assertThat(rpc.object("/queue").get("declaredBy").asString()).isEqualTo("other");
				assertThat(rpc.object("/queue").get("durable").asBoolean()).isTrue();
				assertThat(rpc.get("/actuator/health").body()).contains("rpc_queue", "durable");
			}
		}
	}

	@Test
	void aQueueThatSomebodyElseDeclaredCanBeDeletedAndIsDeclaredAnew() throws Exception {
		try (BrokerUnderTest broker = RpcService.broker()) {
			broker.withChannel((channel) -> channel.queueDeclare("rpc_queue", true, false, false, null));
			try (RpcService rpc = RpcService.start(broker, "--warren.rpc.servers=0", "--warren.rpc.timeout=20s")) {
				broker.withChannel((channel) -> channel.basicPublish("", "rpc_queue", null, new byte[0]));
				await().until(() -> rpc.object("/queue").get("messages").asInt() == 1);
				HttpResponse<String> refused = rpc.delete("/queue");
				assertThat(refused.statusCode()).isEqualTo(409);
				assertThat(RpcService.type(refused)).isEqualTo("urn:warren:problem:conflict");

				assertThat(rpc.delete("/queue?force=true").statusCode()).isEqualTo(204);

				assertThat(rpc.object("/queue").get("declaredBy").asString()).isEqualTo("self");
				assertThat(rpc.object("/queue").get("durable").asBoolean()).isFalse();
				rpc.startServer();
				assertThat(RpcService.value(rpc.get("/fibonacci/30"))).isEqualTo("832040");
			}
		}
	}

}
