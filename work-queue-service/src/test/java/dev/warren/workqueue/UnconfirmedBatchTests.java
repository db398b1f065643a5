package dev.warren.workqueue;

import java.net.http.HttpResponse;
import java.util.List;

import dev.warren.broker.EmbeddedBroker;
import dev.warren.test.LocalService;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A batch while the broker confirms some of its tasks only.
 */
class UnconfirmedBatchTests {

	@Test
	void aLostConfirmIsNamedWithTheReason() throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().start();
				LocalService service = LocalService.start(WorkQueueServiceApplication.application(),
						"127.0.0.1:" + broker.port(), "--warren.work.workers=0")) {
			WorkClient work = new WorkClient(service.port());
			work.awaitReady();
			broker.faults().loseConfirms(1);

			HttpResponse<String> response = work.postJson("/tasks/batch", WorkClient.toJson(List.of("a", "b", "c")));

			assertThat(response.statusCode()).as(response.body()).isEqualTo(207);
			JsonNode receipt = WorkClient.json(response);
			assertThat(receipt.get("confirmed").asInt()).isEqualTo(2);
			assertThat(receipt.get("unconfirmed")).singleElement().satisfies((task) -> {
				assertThat(task.get("index").asInt()).isZero();
				assertThat(task.get("error").asString()).isEqualTo("Not confirmed: The broker does not answer in time");
			});
		}
	}

}
