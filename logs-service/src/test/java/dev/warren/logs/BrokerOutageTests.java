package dev.warren.logs;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

import dev.warren.test.BrokerUnderTest;
import dev.warren.test.EventReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The logs service while brokers come and go on one port.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "spring.config.name=logs-service", "spring.rabbitmq.host=127.0.0.1" })
class BrokerOutageTests {

	private static final Duration RECOVERY = Duration.ofSeconds(30);

	private static final BrokerUnderTest broker = BrokerUnderTest.stopped();

	private final LogsClient logs;

	BrokerOutageTests(@LocalServerPort int port) {
		this.logs = new LogsClient(port);
	}

	@DynamicPropertySource
	static void brokerPort(DynamicPropertyRegistry registry) {
		registry.add("spring.rabbitmq.port", broker::port);
	}

	@BeforeEach
	void noticeThatThereIsNoBroker() {
		await().atMost(RECOVERY).until(() -> this.logs.readiness() == 503);
	}

	@AfterEach
	void stop() throws Exception {
		this.logs.endAll();
		broker.stop();
	}

	@Test
	void withoutABrokerTheServiceIsAliveAndNothingIsMadeNorSent() throws Exception {
		assertThat(this.logs.liveness()).isEqualTo(200);

		for (HttpResponse<String> response : List.of(this.logs.postJson("/subscriptions", "{\"type\":\"fanout\"}"),
				this.logs.postJson("/logs/fanout", "{\"message\":\"x\"}"))) {
			assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
			assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
			assertThat(LogsClient.json(response).get("type").asString())
				.isEqualTo("urn:warren:problem:broker-unavailable");
		}
		assertThat(this.logs.list("/subscriptions")).isEmpty();
	}

	@Test
	void liveSubscriptionsGetNewQueuesByThemselvesAndTellTheirReadersOfTheGap() throws Exception {
		startBroker();
		JsonNode topic = this.logs.begin("{\"type\":\"topic\",\"bindingKeys\":[\"kern.*\",\"*.critical\"]}");
		String id = topic.get("id").asString();
		JsonNode headers = this.logs
			.begin("{\"type\":\"headers\",\"bindingHeaders\":[{\"x-match\":\"any\",\"a\":1,\"b\":2}]}");
		try (EventReader reader = this.logs.open(id).start();
				EventReader other = this.logs.open(headers.get("id").asString()).start()) {
			assertThat(this.logs.emitTopic("kern.info", "before")).isTrue();
			await().until(() -> reader.count() == 1);

			broker.stop();
			await().until(() -> this.logs.subscription(id).get("queue").isNull());
			startBroker();
			await().atMost(RECOVERY).until(() -> reader.count() == 2 && other.count() == 1);

			assertThat(this.logs.emitTopic("kern.info", "after")).isTrue();
			assertThat(this.logs.emitTopic("cron.critical", "after too")).isTrue();
			assertThat(this.logs.emit("headers", "{\"headers\":{\"b\":2},\"message\":\"x\"}").get("routed").asBoolean())
				.isTrue();
			await().until(() -> reader.count() == 4 && other.count() == 2);
			assertThat(reader.events()).extracting(EventReader.Event::name)
				.containsExactly("message", "gap", "message", "message");
			assertThat(reader.events().get(1).data()).contains("the connection to the broker was lost", "\"since\":");
			assertThat(other.events()).extracting(EventReader.Event::name).containsExactly("gap", "message");
			assertThat(this.logs.messages(id)).containsExactly("before", "after", "after too");
			assertThat(this.logs.subscription(id).get("gaps").asInt()).isOne();
			assertThat(this.logs.subscription(id).get("bindingKeys")).isEqualTo(topic.get("bindingKeys"));
			assertThat(this.logs.subscription(id).get("queue")).isNotEqualTo(topic.get("queue"));
		}
	}

	@Test
	void aSubscriptionThatEndsWhileTheBrokerIsAwayDoesNotComeBack() throws Exception {
		startBroker();
		String ending = this.logs.subscribe("{\"type\":\"fanout\"}");
		String other = this.logs.subscribe("direct", List.of("info"));
		broker.stop();
		await().until(() -> this.logs.subscription(ending).get("queue").isNull());

		assertThat(this.logs.list("/routes?type=fanout")).isEmpty();
		assertThat(this.logs.putJson("/subscriptions/" + ending + "/bindings", "{}").statusCode()).isEqualTo(503);
		this.logs.end(ending);
		startBroker();

		await().atMost(RECOVERY).until(() -> !this.logs.subscription(other).get("queue").isNull());
		assertThat(this.logs.emit("fanout", "{\"message\":\"x\"}").get("routed").asBoolean()).isFalse();
		assertThat(this.logs.list("/subscriptions")).hasSize(1);
	}

	private void startBroker() {
		broker.restart();
		// The publisher and the subscriptions each find it by themselves.
		await().atMost(RECOVERY)
			.until(() -> this.logs.readiness() == 200
					&& this.logs.postJson("/logs/fanout", "{\"message\":\"x\"}").statusCode() == 202
					&& isSubscribing());
	}

	private boolean isSubscribing() throws Exception {
		HttpResponse<String> response = this.logs.postJson("/subscriptions",
				"{\"type\":\"headers\"," + "\"bindingHeaders\":[{\"probe\":1}]}");
		if (response.statusCode() == 201) {
			this.logs.end(LogsClient.json(response).get("id").asString());
		}
		return response.statusCode() == 201;
	}

}
