package dev.warren.hello;

import java.util.List;

import dev.warren.test.BrokerUnderTest;
import dev.warren.test.contract.Contract;
import dev.warren.test.contract.ContractTests;

import org.springframework.boot.SpringApplication;

class HelloContractTests extends ContractTests {

	@Override
	protected SpringApplication application() {
		return HelloServiceApplication.application();
	}

	@Override
	protected List<String> properties() {
		return List.of("--warren.hello.max-receivers=2", "--warren.web.max-streams=1");
	}

	@Override
	protected void useEverything(Contract contract, BrokerUnderTest broker) throws Exception {
		contract.send(202, "POST", "/messages", "text/plain", "Hello World!");
		contract.sendJson(202, "POST", "/messages", "{\"text\":\"Hello World!\"}");
		contract.send(200, "GET", "/messages");
		contract.open("/messages/stream");
		contract.send(201, "POST", "/receivers");
		contract.send(409, "POST", "/receivers");
		contract.send(200, "GET", "/receivers");
		contract.send(204, "DELETE", "/receivers/receiver-1");
		contract.send(204, "DELETE", "/receivers/receiver-2");
		contract.send(404, "DELETE", "/receivers/receiver-2");
		contract.send(202, "POST", "/messages", "text/plain", "for nobody");
		contract.send(200, "GET", "/queue");
		contract.send(409, "DELETE", "/queue");
		contract.send(204, "DELETE", "/queue?force=true");
	}

}
