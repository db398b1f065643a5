package dev.warren.logs;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;

import dev.warren.test.BrokerUser;
import dev.warren.test.LocalService;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A broker that refuses what the service needs, for a while.
 */
@ExtendWith(OutputCaptureExtension.class)
class RefusedTests {

	private static final String NOTHING = "^$";

	private static final String FANOUT = "{\"type\":\"fanout\"}";

	private final BrokerUser user = BrokerUser.create();

	private @Nullable LocalService service;

	@SuppressWarnings("NullAway.Init")
	private LogsClient logs;

	@BeforeEach
	void startWithoutTheExchange() throws Exception {
		this.user.broker().withoutExchanges("logs");
	}

	@AfterEach
	void stop() throws Exception {
		if (this.service != null) {
			this.service.close();
		}
		this.user.permitEverything();
		this.user.broker().withoutExchanges("logs");
		this.user.close();
	}

	private void startService() {
		LocalService started = LocalService.start(LogsServiceApplication.application(), this.user.broker().address(),
				this.user.login());
		this.service = started;
		this.logs = new LogsClient(started.port());
	}

	@Test
	void anExchangeThatMayNotBeDeclaredIsToldOnceAndDeclaredWhenItMay(CapturedOutput output) throws Exception {
		this.user.permit(NOTHING, ".*", ".*");
		startService();

		awaitTrue(
				() -> brokerDetails().path("missing").path("Exchange 'logs'").asString("").contains("ACCESS_REFUSED"));
		this.logs.awaitNotReady();
		assertConflict(this.logs.postJson("/subscriptions", FANOUT));
		assertConflict(this.logs.postJson("/logs/fanout", "{\"message\":\"x\"}"));
		this.user.permitEverything();

		this.logs.awaitReady();
		assertThatItWorks(this.logs.subscribe(FANOUT));
		assertThat(output).containsOnlyOnce("Exchange 'logs' could not be declared");
	}

	@Test
	void anExchangeThatMayNotBeDeclaredAndIsThereIsUsed() throws Exception {
		this.user.permit("amq\\.gen.*", ".*", ".*");
		this.user.broker().withChannel((channel) -> channel.exchangeDeclare("logs", "fanout"));
		startService();
		awaitTrue(() -> this.logs.postJson("/subscriptions", FANOUT).statusCode() == 201);

		assertThatItWorks("subscription-" + this.logs.list("/subscriptions").size());
		assertThat(this.logs.list("/exchanges").get(0).get("declaredBy").asString()).isEqualTo("other");
	}

	@Test
	void aSubscriptionThatMayNotHaveAQueueIsToldOnceAndHasOneWhenItMay(CapturedOutput output) throws Exception {
		startService();
		this.logs.awaitReady();
		String id = this.logs.subscribe(FANOUT);

		this.user.permit(".*logs", ".*", ".*");

		awaitTrue(() -> output.getAll().contains(id + " does not receive, and tries again: "));
		awaitTrue(() -> brokerDetails().path("failingConsumers").path(id).asString("").contains("ACCESS_REFUSED"));
		this.logs.awaitNotReady();
		assertThat(this.logs.subscription(id).get("queue").isNull()).isTrue();
		assertConflict(this.logs.postJson("/subscriptions", FANOUT));
		this.user.permitEverything();

		this.logs.awaitReady();
		awaitTrue(() -> !this.logs.subscription(id).get("queue").isNull());
		assertThatItWorks(id);
		assertThat(output).containsOnlyOnce(id + " does not receive, and tries again: ");
	}

	@Test
	void aSubscriptionThatMayNotReadIsRefused() throws Exception {
		this.user.permit(".*", ".*", NOTHING);
		startService();
		this.logs.awaitReady();

		assertConflict(this.logs.postJson("/subscriptions", FANOUT));

		assertThat(this.logs.list("/subscriptions")).isEmpty();
		assertThat(this.logs.emit("fanout", "{\"message\":\"x\"}").get("routed").asBoolean()).isFalse();
	}

	private static void assertConflict(HttpResponse<String> response) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(409);
		assertThat(response.body()).contains("ACCESS_REFUSED");
	}

	private void assertThatItWorks(String id) throws Exception {
		assertThat(this.logs.emit("fanout", "{\"message\":\"it works\"}").get("routed").asBoolean()).isTrue();
		awaitTrue(() -> this.logs.messages(id).contains("it works"));
	}

	private JsonNode brokerDetails() throws Exception {
		return LogsClient.json(this.logs.get("/actuator/health/readiness")).at("/components/broker/details");
	}

	private static void awaitTrue(Callable<Boolean> condition) {
		await().atMost(Duration.ofSeconds(30)).until(condition);
	}

}
