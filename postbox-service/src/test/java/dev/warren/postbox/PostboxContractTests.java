package dev.warren.postbox;

import java.util.List;
import java.util.Set;

import dev.warren.test.BrokerUnderTest;
import dev.warren.test.contract.Contract;
import dev.warren.test.contract.ContractTests;

import org.springframework.boot.SpringApplication;

class PostboxContractTests extends ContractTests {

	@Override
	protected SpringApplication application() {
		return PostboxServiceApplication.application();
	}

	@Override
	protected List<String> properties() {
		return List.of("--warren.postbox.max-boxes=20", "--warren.postbox.max-streams=1");
	}

	// Its channel would have to close while the broker settles a letter.
	@Override
	protected Set<String> notToBeHad() {
		return Set.of("POST /deliveries/{handle}/ack 503", "POST /deliveries/{handle}/reject 503");
	}

	@Override
	protected void useEverything(Contract contract, BrokerUnderTest broker) throws Exception {
		contract.sendJson(201, "PUT", "/boxes/mine", "{\"keys\":[\"me\"]}");
		contract.sendJson(200, "PUT", "/boxes/mine", "{\"keys\":[\"me\"]}");
		contract.sendJson(409, "PUT", "/boxes/mine", "{\"keys\":[\"you\"]}");
		contract.send(200, "GET", "/boxes");
		contract.send(200, "GET", "/boxes/mine");
		contract.send(404, "GET", "/boxes/nobodys");
		contract.sendJson(202, "POST", "/letters", "{\"to\":\"me\",\"text\":\"Hello World!\"}");
		contract.send(202, "POST", "/letters?to=jason", "text/plain", "Hello World!");
		contract.send(404, "POST", "/letters?to=nobody", "text/plain", "Hello World!");
		String handle = collect(contract);
		contract.send(200, "GET", "/deliveries");
		contract.send(200, "POST", "/deliveries/" + handle + "/reject");
		contract.send(409, "POST", "/deliveries/" + handle + "/reject");
		contract.send(404, "POST", "/deliveries/nothing/reject");
		handle = collect(contract);
		contract.send(200, "POST", "/deliveries/" + handle + "/ack");
		contract.send(409, "POST", "/deliveries/" + handle + "/ack");
		contract.send(404, "POST", "/deliveries/nothing/ack");
		contract.send(204, "POST", "/boxes/mine/collect");
		contract.send(404, "POST", "/boxes/nobodys/collect");
		contract.open("/boxes/po_box/stream");
		contract.send(404, "GET", "/boxes/nobodys/stream");
		contract.send(204, "DELETE", "/boxes/mine");
		contract.send(404, "DELETE", "/boxes/mine");
	}

	private static String collect(Contract contract) throws Exception {
		return contract.send(200, "POST", "/boxes/mine/collect").get("handle").asString();
	}

}
