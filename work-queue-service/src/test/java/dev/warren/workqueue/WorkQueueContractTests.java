package dev.warren.workqueue;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.warren.test.BrokerUnderTest;
import dev.warren.test.RestClient;
import dev.warren.test.contract.Contract;
import dev.warren.test.contract.ContractTests;

import org.springframework.boot.SpringApplication;

import static org.awaitility.Awaitility.await;

class WorkQueueContractTests extends ContractTests {

	@Override
	protected SpringApplication application() {
		return WorkQueueServiceApplication.application();
	}

	@Override
	protected List<String> properties() {
		return List.of("--warren.work.dot=1ms", "--warren.work.max-workers=3", "--warren.work.max-attempts=1",
				"--warren.web.max-streams=1");
	}

	@Override
	protected void useEverything(Contract contract, BrokerUnderTest broker) throws Exception {
		sendABatchOfWhichTheBrokerTakesSome(contract, broker);
		contract.sendJson(202, "POST", "/tasks/batch", "[\"First task.\",{\"text\":\"Second task..\"}]");
		contract.sendJson(202, "POST", "/tasks", "{\"text\":\"A very hard task\"}");
		String id = contract.send(202, "POST", "/tasks", "text/plain", "A task").get("id").asString();
		contract.send(200, "GET", "/tasks");
		contract.send(200, "GET", "/tasks/" + id);
		contract.send(404, "GET", "/tasks/nothing");
		contract.open("/tasks/stream");
		contract.send(200, "GET", "/dispatch");
		contract.sendJson(200, "PUT", "/dispatch", "{\"prefetch\":2}");
		letTasksDie(contract);
		contract.send(201, "POST", "/workers");
		contract.send(409, "POST", "/workers");
		contract.send(200, "GET", "/workers");
		contract.send(200, "POST", "/workers/worker-1/crash");
		contract.send(404, "POST", "/workers/nobody/crash");
		contract.send(204, "DELETE", "/workers/worker-2");
		contract.send(204, "DELETE", "/workers/worker-3");
		contract.send(404, "DELETE", "/workers/nobody");
		await().until(() -> contract.client().object("/queue").get("consumers").asInt() == 0);
		contract.send(202, "POST", "/tasks", "text/plain", "for nobody");
		contract.send(200, "GET", "/queue");
		contract.send(409, "DELETE", "/queue");
		contract.send(204, "DELETE", "/queue?force=true");
	}

	private static void sendABatchOfWhichTheBrokerTakesSome(Contract contract, BrokerUnderTest broker)
			throws Exception {
		CompletableFuture<?> sent = CompletableFuture.runAsync(() -> {
			try {
				contract.sendJson(207, "POST", "/tasks/batch?confirm=individual",
						RestClient.toJson(Collections.nCopies(10_000, "x")));
			}
			catch (Exception ex) {
				throw new CompletionException(ex);
			}
		});
		await().until(() -> !contract.client().list("/tasks?limit=1").isEmpty());
		broker.stop();
		sent.join();
		broker.restart();
		contract.client().awaitReady();
	}

	private static void letTasksDie(Contract contract) throws Exception {
		String first = contract.send(202, "POST", "/tasks", "text/plain", "!fails").get("id").asString();
		String second = contract.send(202, "POST", "/tasks", "text/plain", "!fails").get("id").asString();
		await().until(() -> contract.client().list("/dead-letters").size() == 2);
		contract.send(200, "GET", "/dead-letters");
		contract.send(204, "DELETE", "/dead-letters/" + second);
		contract.send(404, "DELETE", "/dead-letters/" + second);
		contract.send(202, "POST", "/dead-letters/" + first + "/replay");
		contract.send(404, "POST", "/dead-letters/nothing/replay");
		contract.send(204, "DELETE", "/dead-letters");
	}

}
