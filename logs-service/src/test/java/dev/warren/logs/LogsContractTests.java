package dev.warren.logs;

import java.util.List;
import java.util.Set;

import dev.warren.test.BrokerUnderTest;
import dev.warren.test.contract.Contract;
import dev.warren.test.contract.ContractTests;

import org.springframework.boot.SpringApplication;

class LogsContractTests extends ContractTests {

	private static final String FANOUT = "{\"message\":\"Hello World!\"}";

	private static final String DIRECT = "{\"severity\":\"error\",\"message\":\"Run.\"}";

	private static final String TOPIC = "{\"routingKey\":\"kern.critical\",\"message\":\"A critical kernel error\"}";

	private static final String HEADERS = "{\"headers\":{\"format\":\"pdf\"},\"message\":\"A report\"}";

	@Override
	protected SpringApplication application() {
		return LogsServiceApplication.application();
	}

	@Override
	protected List<String> properties() {
		return List.of("--warren.logs.max-subscriptions=4", "--warren.web.max-streams=2");
	}

	// The broker would have to refuse a binding, which the embedded one never does.
	@Override
	protected Set<String> notToBeHad() {
		return Set.of("PUT /subscriptions/{id}/bindings 409");
	}

	@Override
	protected void useEverything(Contract contract, BrokerUnderTest broker) throws Exception {
		String id = contract
			.sendJson(201, "POST", "/subscriptions", "{\"type\":\"direct\",\"bindingKeys\":[\"error\"]}")
			.get("id")
			.asString();
		for (String other : List.of("{\"type\":\"fanout\"}", "{\"type\":\"topic\",\"bindingKeys\":[\"#\"]}",
				"{\"type\":\"headers\",\"bindingHeaders\":[{\"format\":\"pdf\"}]}")) {
			contract.sendJson(201, "POST", "/subscriptions", other);
		}
		contract.sendJson(409, "POST", "/subscriptions", "{\"type\":\"fanout\"}");
		contract.sendJson(200, "PUT", "/subscriptions/" + id + "/bindings",
				"{\"bindingKeys\":[\"error\",\"warning\"]}");
		contract.sendJson(404, "PUT", "/subscriptions/nothing/bindings", "{\"bindingKeys\":[\"error\"]}");
		contract.send(202, "POST", "/logs/fanout", "text/plain", "Hello World!");
		contract.sendJson(202, "POST", "/logs/fanout", FANOUT);
		contract.sendJson(202, "POST", "/logs/direct", DIRECT);
		contract.sendJson(202, "POST", "/logs/topic", TOPIC);
		contract.sendJson(202, "POST", "/logs/headers", HEADERS);
		contract.send(200, "GET", "/routes?type=direct&routingKey=error");
		contract.send(200, "GET", "/subscriptions");
		contract.send(200, "GET", "/subscriptions/" + id);
		contract.send(404, "GET", "/subscriptions/nothing");
		contract.send(200, "GET", "/subscriptions/" + id + "/messages");
		contract.send(404, "GET", "/subscriptions/nothing/messages");
		contract.open("/subscriptions/" + id + "/messages/stream");
		contract.open("/subscriptions/" + id + "/stream");
		contract.send(404, "GET", "/subscriptions/nothing/messages/stream");
		contract.send(404, "GET", "/subscriptions/nothing/stream");
		contract.send(409, "DELETE", "/exchanges/fanout");
		useExchangesOfOthers(contract, broker);
		contract.send(204, "DELETE", "/subscriptions/subscription-2");
		contract.send(404, "DELETE", "/subscriptions/nothing");
	}

	private static void useExchangesOfOthers(Contract contract, BrokerUnderTest broker) throws Exception {
		List<String> exchanges = List.of("logs", "direct_logs", "topic_logs", "headers_logs");
		broker.withChannel((channel) -> {
			for (String exchange : exchanges) {
				channel.exchangeDelete(exchange);
				channel.exchangeDeclare(exchange, exchange.equals("logs") ? "direct" : "fanout");
			}
		});
		contract.send(200, "GET", "/exchanges");
		contract.sendJson(409, "POST", "/logs/fanout", FANOUT);
		contract.sendJson(409, "POST", "/logs/direct", DIRECT);
		contract.sendJson(409, "POST", "/logs/topic", TOPIC);
		contract.sendJson(409, "POST", "/logs/headers", HEADERS);
		for (String type : List.of("fanout", "direct", "topic", "headers")) {
			contract.send(204, "DELETE", "/exchanges/" + type + "?force=true");
		}
	}

}
