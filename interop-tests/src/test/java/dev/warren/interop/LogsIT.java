package dev.warren.interop;

import java.util.ArrayList;
import java.util.List;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(SuiteUnderTest.class)
class LogsIT {

	private final Suite suite;

	private final Service logs;

	LogsIT(Suite suite) {
		this.suite = suite;
		this.logs = suite.service("logs-service");
	}

	@BeforeEach
	void nobodyListens() throws Exception {
		this.logs.scale("/subscriptions", 0);
	}

	@Row(tutorial = Tutorial.PUBLISH_SUBSCRIBE, direction = Direction.TO_SERVICE)
	void everySubscriptionGetsTheLogsOfTheClient(Client client) throws Exception {
		String first = subscribe("{'type': 'fanout'}");
		String second = subscribe("{'type': 'fanout'}");

		this.suite.run(client, "emit_log", "fanout", ":from " + client);

		awaitLines(first, ":from " + client);
		awaitLines(second, ":from " + client);
	}

	@Row(tutorial = Tutorial.PUBLISH_SUBSCRIBE, direction = Direction.TO_CLIENT)
	void theClientGetsTheLogsOfTheService(Client client) throws Exception {
		try (Program receiver = this.suite.start(client, "receive_logs", "fanout", "", "--", ":first", ":second")) {
			emitUntilRouted(receiver, "fanout", "{'message': 'first'}");
			emit("fanout", "{'message': 'second'}");

			receiver.awaitSuccess();
		}
	}

	@Row(tutorial = Tutorial.ROUTING, direction = Direction.TO_SERVICE)
	void aSubscriptionGetsTheLogsOfTheClientThatHaveItsSeverities(Client client) throws Exception {
		String subscription = subscribe("{'type': 'direct', 'bindingKeys': ['error', 'warning']}");

		this.suite.run(client, "emit_log", "direct", "info:not for it", "warning:from " + client,
				"error:from " + client);

		awaitLines(subscription, "warning:from " + client, "error:from " + client);
	}

	@Row(tutorial = Tutorial.ROUTING, direction = Direction.TO_CLIENT)
	void theClientGetsTheLogsOfTheServiceThatHaveItsSeverities(Client client) throws Exception {
		try (Program receiver = this.suite.start(client, "receive_logs", "direct", "warning", "error", "--",
				"error:first", "warning:in between", "error:last")) {
			emitUntilRouted(receiver, "direct", "{'severity': 'error', 'message': 'first'}");
			emit("direct", "{'severity': 'info', 'message': 'not for it'}");
			emit("direct", "{'severity': 'warning', 'message': 'in between'}");
			emit("direct", "{'severity': 'error', 'message': 'last'}");

			receiver.awaitSuccess();
		}
	}

	@Row(tutorial = Tutorial.TOPICS, direction = Direction.TO_SERVICE)
	void aSubscriptionGetsTheLogsOfTheClientThatMatchItsPatterns(Client client) throws Exception {
		String subscription = subscribe("{'type': 'topic', 'bindingKeys': ['kern.*', '*.critical', 'lazy.#']}");

		this.suite.run(client, "emit_log", "topic", "cron.info:not for it", "kern.critical:from " + client,
				"kern:not for it", "lazy.brown.fox:from " + client);

		awaitLines(subscription, "kern.critical:from " + client, "lazy.brown.fox:from " + client);
	}

	@Row(tutorial = Tutorial.TOPICS, direction = Direction.TO_CLIENT)
	void theClientGetsTheLogsOfTheServiceThatMatchItsPatterns(Client client) throws Exception {
		try (Program receiver = this.suite.start(client, "receive_logs", "topic", "kern.#", "*.critical", "--",
				"disk.critical:first", "kern:in between", "kern.critical:once", "cron.critical:last")) {
			emitUntilRouted(receiver, "topic", "{'routingKey': 'disk.critical', 'message': 'first'}");
			emit("topic", "{'routingKey': 'disk.info', 'message': 'not for it'}");
			emit("topic", "{'routingKey': 'kern', 'message': 'in between'}");
			emit("topic", "{'facility': 'kern', 'severity': 'critical', 'message': 'once'}");
			emit("topic", "{'routingKey': 'cron.critical', 'message': 'last'}");

			receiver.awaitSuccess();
		}
	}

	private String subscribe(String json) throws Exception {
		return JsonPath.read(this.logs.post("/subscriptions", json.replace('\'', '"')), "$.id");
	}

	private void awaitLines(String subscription, String... lines) {
		await().untilAsserted(() -> {
			String received = this.logs.get("/subscriptions/" + subscription + "/messages");
			List<String> keys = JsonPath.read(received, "$[*].routingKey");
			List<String> messages = JsonPath.read(received, "$[*].message");
			List<String> oldestFirst = new ArrayList<>();
			for (int i = keys.size() - 1; i >= 0; i--) {
				oldestFirst.add(keys.get(i) + ":" + messages.get(i));
			}
			assertThat(oldestFirst).containsExactly(lines);
		});
	}

	private boolean emit(String type, String json) throws Exception {
		return JsonPath.read(this.logs.post("/logs/" + type, json.replace('\'', '"')), "$.routed");
	}

	/**
	 * Emits the first log for a client, which is to match the last of its binding keys. A
	 * log that nobody listens for is gone, so once this one is routed the client gets it
	 * and all that follow.
	 */
	private void emitUntilRouted(Program receiver, String type, String json) {
		await().until(() -> receiver.hasEnded() || emit(type, json));
	}

}
