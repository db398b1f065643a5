package dev.warren.logs;

import java.net.http.HttpResponse;
import java.util.List;

import com.rabbitmq.client.BuiltinExchangeType;
import dev.warren.test.BrokerUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The exchanges while other programs declare and delete them.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = "spring.config.name=logs-service")
class ExchangesTests {

	private final LogsClient logs;

	private final BrokerUnderTest broker;

	ExchangesTests(@LocalServerPort int port, @Autowired RabbitConnectionDetails broker) {
		this.logs = new LogsClient(port);
		this.broker = BrokerUnderTest.at(broker.getFirstAddress().host(), broker.getFirstAddress().port());
	}

	@DynamicPropertySource
	static void broker(DynamicPropertyRegistry registry) {
		BrokerUnderTest.register(registry);
	}

	@AfterEach
	void clear() throws Exception {
		this.logs.endAll();
		declareLogs(BuiltinExchangeType.FANOUT, false);
		this.logs.awaitReady();
	}

	@Test
	void theExchangesAreTheTutorials() throws Exception {
		assertThat(this.logs.list("/exchanges")).extracting(JsonNode::toString)
			.containsExactly(exchange("logs", "fanout"), exchange("direct_logs", "direct"),
					exchange("topic_logs", "topic"), exchange("headers_logs", "headers"));
	}

	private static String exchange(String name, String type) {
		return "{\"name\":\"%s\",\"type\":\"%s\",\"declaredBy\":\"self\",\"durable\":false,\"autoDelete\":false}"
			.formatted(name, type);
	}

	@Test
	void oneThatIsDurableIsUsedAndThatIsTold() throws Exception {
		declareLogs(BuiltinExchangeType.FANOUT, true);

		assertThat(logsExchange().get("declaredBy").asString()).isEqualTo("other");
		assertThat(logsExchange().get("durable").asBoolean()).isTrue();
		String id = this.logs.subscribe("{\"type\":\"fanout\"}");
		this.logs.emit("fanout", "{\"message\":\"x\"}");
		await().untilAsserted(() -> assertThat(this.logs.messages(id)).containsExactly("x"));
		assertThat(brokerHealth().at("/details/declaredByOthers/Exchange 'logs'/durable").asBoolean()).isTrue();
		assertThat(this.logs.isReady()).isTrue();
	}

	@Test
	void oneThatIsDeletedOverRestIsDeclaredAsTheServiceDoes() throws Exception {
		declareLogs(BuiltinExchangeType.FANOUT, true);
		String id = this.logs.subscribe("{\"type\":\"fanout\"}");

		HttpResponse<String> refused = this.logs.delete("/exchanges/fanout");
		HttpResponse<String> forced = this.logs.delete("/exchanges/fanout?force=true");

		assertThat(refused.statusCode()).isEqualTo(409);
		assertThat(refused.body()).contains("in use");
		assertThat(forced.statusCode()).as(forced.body()).isEqualTo(204);
		assertThat(logsExchange().get("declaredBy").asString()).isEqualTo("self");
		this.logs.emit("fanout", "{\"message\":\"x\"}");
		await().untilAsserted(() -> assertThat(this.logs.messages(id)).containsExactly("x"));
		assertThat(this.logs.subscription(id).get("gaps").asInt()).isZero();
		assertThat(this.logs.delete("/exchanges/nonsense").statusCode()).isEqualTo(400);
	}

	@Test
	void oneOfAnotherTypeIsAConflictUntilItIsMended() throws Exception {
		declareLogs(BuiltinExchangeType.DIRECT, false);

		for (HttpResponse<String> response : List.of(this.logs.postJson("/subscriptions", "{\"type\":\"fanout\"}"),
				this.logs.postJson("/logs/fanout", "{\"message\":\"x\"}"))) {
			assertThat(response.statusCode()).as(response.body()).isEqualTo(409);
			assertThat(response.body()).contains("The exchange 'logs' cannot be used", "current is 'direct'");
		}
		assertThat(logsExchange().get("type").asString()).isEqualTo("direct");
		assertThat(logsExchange().get("fault").asString()).contains("inequivalent arg 'type'");
		this.logs.awaitNotReady();
		assertThat(brokerHealth().at("/details/missing/Exchange 'logs'").asString()).contains("'direct'");
		assertThat(this.logs.list("/subscriptions")).isEmpty();
		declareLogs(BuiltinExchangeType.FANOUT, false);

		this.logs.awaitReady();
		String id = this.logs.subscribe("{\"type\":\"fanout\"}");
		this.logs.emit("fanout", "{\"message\":\"x\"}");
		await().untilAsserted(() -> assertThat(this.logs.messages(id)).containsExactly("x"));
	}

	@Test
	void aLogToOneThatWasDeletedReachesItsSubscriptions() throws Exception {
		String id = this.logs.subscribe("{\"type\":\"fanout\"}");
		this.broker.withoutExchanges("logs");

		assertThat(this.logs.emit("fanout", "{\"message\":\"x\"}").get("routed").asBoolean()).isTrue();

		await().untilAsserted(() -> assertThat(this.logs.messages(id)).containsExactly("x"));
	}

	@Test
	void bindingsOfOneThatWasDeletedAreChangedAndOtherSubscriptionsAreBoundAgain() throws Exception {
		String changed = this.logs.subscribe("{\"type\":\"topic\",\"bindingKeys\":[\"kern.*\",\"*.critical\"]}");
		String other = this.logs.subscribe("{\"type\":\"topic\",\"bindingKeys\":[\"cron.*\"]}");
		this.broker.withoutExchanges("topic_logs");

		HttpResponse<String> response = this.logs.putJson("/subscriptions/" + changed + "/bindings",
				"{\"bindingKeys\":[\"*.critical\",\"mail.*\"]}");

		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		this.logs.emit("topic", "{\"routingKey\":\"kern.info\",\"message\":\"unbound\"}");
		this.logs.emit("topic", "{\"routingKey\":\"cron.info\",\"message\":\"other\"}");
		this.logs.emit("topic", "{\"routingKey\":\"cron.critical\",\"message\":\"kept\"}");
		this.logs.emit("topic", "{\"routingKey\":\"mail.info\",\"message\":\"added\"}");
		await().untilAsserted(() -> assertThat(this.logs.messages(changed)).containsExactly("kept", "added"));
		await().untilAsserted(() -> assertThat(this.logs.messages(other)).containsExactly("other", "kept"));
	}

	@Test
	void aSubscriptionToOneThatWasDeletedLeavesTheOthersBound() throws Exception {
		String other = this.logs.subscribe("{\"type\":\"fanout\"}");
		this.broker.withoutExchanges("logs");

		this.logs.subscribe("{\"type\":\"fanout\"}");

		this.logs.emit("fanout", "{\"message\":\"x\"}");
		await().untilAsserted(() -> assertThat(this.logs.messages(other)).containsExactly("x"));
	}

	@Test
	void toLookAtOneThatWasDeletedLeavesItsSubscriptionsBound() throws Exception {
		String id = this.logs.subscribe("{\"type\":\"fanout\"}");
		this.broker.withoutExchanges("logs");

		assertThat(logsExchange().get("declaredBy").asString()).isEqualTo("self");

		this.logs.emit("fanout", "{\"message\":\"x\"}");
		await().untilAsserted(() -> assertThat(this.logs.messages(id)).containsExactly("x"));
	}

	@Test
	void bindingsToOneOfAnotherTypeAreAConflict() throws Exception {
		String id = this.logs.subscribe("{\"type\":\"fanout\"}");
		declareLogs(BuiltinExchangeType.DIRECT, false);

		HttpResponse<String> response = this.logs.putJson("/subscriptions/" + id + "/bindings", "{}");

		assertThat(response.statusCode()).as(response.body()).isEqualTo(409);
		assertThat(response.body()).contains("The exchange 'logs' cannot be used");
	}

	private void declareLogs(BuiltinExchangeType type, boolean durable) throws Exception {
		this.broker.withChannel((channel) -> {
			channel.exchangeDelete("logs");
			channel.exchangeDeclare("logs", type, durable);
		});
	}

	private JsonNode logsExchange() throws Exception {
		return this.logs.list("/exchanges").get(0);
	}

	private JsonNode brokerHealth() throws Exception {
		return LogsClient.json(this.logs.get("/actuator/health/readiness")).at("/components/broker");
	}

}
