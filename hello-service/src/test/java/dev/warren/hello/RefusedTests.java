package dev.warren.hello;

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

import static dev.warren.test.RestClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The hello service when the broker refuses its login, or does not permit it something:
 * it stays up, is not ready, says why, and goes on when it may.
 */
@ExtendWith(OutputCaptureExtension.class)
class RefusedTests {

	private static final String NOTHING = "^$";

	private static final String REFUSED = "BrokerConnection    : No connection to the broker, trying again: ACCESS_REFUSED - Login was refused";

	private final BrokerUser user = BrokerUser.create();

	private @Nullable LocalService service;

	@SuppressWarnings("NullAway.Init")
	private HelloClient hello;

	@BeforeEach
	void startWithoutTheQueue() throws Exception {
		this.user.broker().withoutQueues("hello");
	}

	@AfterEach
	void stop() throws Exception {
		if (this.service != null) {
			this.service.close();
		}
		this.user.permitEverything();
		this.user.broker().withoutQueues("hello");
		this.user.close();
	}

	private void startService() {
		LocalService started = LocalService.start(HelloServiceApplication.application(), this.user.broker().address(),
				this.user.login());
		this.service = started;
		this.hello = new HelloClient(started.port());
	}

	@Test
	void aLoginThatIsRefusedForAWhileIsTriedAgain(CapturedOutput output) throws Exception {
		startService();
		assertThatItWorks();

		this.user.refuseLogin();

		awaitOutput(output, REFUSED);
		this.hello.awaitNotReady();
		assertThat(this.hello.postText("/messages", "x").statusCode()).isEqualTo(503);
		assertThat(brokerDetails().get("error").asString()).contains("ACCESS_REFUSED");
		this.user.acceptLogin();
		assertThatItWorks();
		assertThat(output).containsOnlyOnce(REFUSED);
		assertThatNothingElseFailed(output);
	}

	@Test
	void aLoginThatIsRefusedAtTheStartIsTriedAgain(CapturedOutput output) throws Exception {
		this.user.refuseLogin();
		startService();

		this.hello.awaitNotReady();
		assertThat(this.hello.liveness()).isEqualTo(200);
		assertThat(this.hello.list("/receivers")).hasSize(1);
		this.user.acceptLogin();

		assertThatItWorks();
		assertThat(output).containsOnlyOnce(REFUSED);
		assertThatNothingElseFailed(output);
	}

	@Test
	void aQueueThatMayNotBeDeclaredIsToldOnceAndDeclaredWhenItMay(CapturedOutput output) throws Exception {
		this.user.permit(NOTHING, ".*", ".*");
		startService();

		awaitOutput(output, "Queue 'hello' could not be declared");
		this.hello.awaitNotReady();
		awaitTrue(() -> brokerDetails().path("missing").path("Queue 'hello'").asString("").contains("ACCESS_REFUSED"));
		assertThat(this.hello.get("/queue").statusCode()).isEqualTo(503);
		this.user.permitEverything();

		assertThatItWorks();
		assertThat(output).containsOnlyOnce("Queue 'hello' could not be declared");
		assertThatNothingElseFailed(output);
	}

	@Test
	void aQueueThatMayNotBeDeclaredAndIsThereIsUsed(CapturedOutput output) throws Exception {
		this.user.permit(NOTHING, ".*", ".*");
		this.user.broker().withChannel((channel) -> channel.queueDeclare("hello", false, false, false, null));
		startService();

		assertThatItWorks();
		assertThat(this.hello.object("/queue").get("declaredBy").asString()).isEqualTo("other");
		assertThat(output).containsOnlyOnce("Queue 'hello' is there as somebody else declared it");
	}

	@Test
	void aReceiverThatMayNotReadIsToldOnceAndReceivesWhenItMay(CapturedOutput output) throws Exception {
		this.user.permit(".*", ".*", NOTHING);
		startService();

		awaitOutput(output, "receiver-1 does not receive, and tries again: ACCESS_REFUSED");
		this.hello.awaitNotReady();
		assertThat(brokerDetails().get("failingConsumers").get("receiver-1").asString()).contains("ACCESS_REFUSED");
		this.hello.accepted("for when it may");
		assertThat(this.hello.object("/queue").get("messages").asInt()).isOne();
		this.user.permitEverything();

		assertThatItWorks();
		assertThat(output).containsOnlyOnce("receiver-1 does not receive");
		assertThatNothingElseFailed(output);
	}

	private void assertThatItWorks() throws Exception {
		this.hello.awaitReady();
		String id = this.hello.accepted("it works");
		awaitTrue(() -> this.hello.receivedIds().contains(id));
		assertThat(this.hello.object("/queue").get("consumers").asInt()).isOne();
	}

	// An embedded broker that is closed complains of itself.
	private static void assertThatNothingElseFailed(CapturedOutput output) {
		assertThat(output.getAll().lines()).filteredOn((line) -> !line.contains("o.a.q."))
			.noneMatch((line) -> line.contains(" ERROR "));
	}

	private JsonNode brokerDetails() throws Exception {
		return json(this.hello.get("/actuator/health/readiness")).at("/components/broker/details");
	}

	private static void awaitOutput(CapturedOutput output, String text) {
		awaitTrue(() -> output.getAll().contains(text));
	}

	private static void awaitTrue(Callable<Boolean> condition) {
		await().atMost(Duration.ofSeconds(30)).until(condition);
	}

}
