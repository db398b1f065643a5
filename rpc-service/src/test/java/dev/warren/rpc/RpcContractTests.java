package dev.warren.rpc;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import com.rabbitmq.client.Delivery;
import dev.warren.test.BrokerUnderTest;
import dev.warren.test.contract.Contract;
import dev.warren.test.contract.ContractTests;

import org.springframework.boot.SpringApplication;

import static org.awaitility.Awaitility.await;

class RpcContractTests extends ContractTests {

	@Override
	protected SpringApplication application() {
		return RpcServiceApplication.application();
	}

	@Override
	protected List<String> properties() {
		return List.of("--warren.rpc.max-servers=2", "--warren.rpc.timeout=2s");
	}

	@Override
	protected void useEverything(Contract contract, BrokerUnderTest broker) throws Exception {
		contract.send(200, "GET", "/fibonacci/30");
		contract.sendJson(200, "POST", "/fibonacci/batch", "[10,20,30]");
		contract.send(200, "GET", "/replies");
		contract.send(201, "POST", "/servers");
		contract.send(409, "POST", "/servers");
		contract.send(200, "GET", "/servers");
		contract.send(200, "POST", "/servers/server-1/crash");
		contract.send(404, "POST", "/servers/nobody/crash");
		contract.send(204, "DELETE", "/servers/server-2");
		contract.send(404, "DELETE", "/servers/nobody");
		await().until(() -> contract.client().object("/queue").get("consumers").asInt() == 0);
		askAServerThatFails(contract, broker);
		contract.send(504, "GET", "/fibonacci/30");
		contract.sendJson(504, "POST", "/fibonacci/batch", "[10,20,30]");
		contract.send(200, "GET", "/queue");
		broker.withChannel((channel) -> channel.basicPublish("", RpcTopology.REQUESTS, null, new byte[0]));
		contract.send(409, "DELETE", "/queue");
		contract.send(204, "DELETE", "/queue?force=true");
	}

	private static void askAServerThatFails(Contract contract, BrokerUnderTest broker) throws Exception {
		try (Stranger server = new Stranger(broker).serve()) {
			CompletableFuture<?> call = inBackground(() -> contract.send(502, "GET", "/fibonacci/30"));
			server.reply(server.next(), "no number");
			call.join();
			call = inBackground(() -> contract.sendJson(207, "POST", "/fibonacci/batch", "[1,2]"));
			List<Delivery> requests = server.next(2);
			server.reply(requests.get(0), "1");
			server.reply(requests.get(1), "no number");
			call.join();
		}
	}

	private static CompletableFuture<?> inBackground(Call call) {
		return CompletableFuture.runAsync(() -> {
			try {
				call.run();
			}
			catch (Exception ex) {
				throw new CompletionException(ex);
			}
		});
	}

	@FunctionalInterface
	private interface Call {

		void run() throws Exception;

	}

}
