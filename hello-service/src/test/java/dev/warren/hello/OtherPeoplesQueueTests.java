package dev.warren.hello;

import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.test.BrokerUnderTest;
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
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * The queue {@code hello} when somebody has declared it with other arguments, or deletes
 * it. The programs of today's tutorial declare it as a durable quorum queue, those of the
 * older ones plainly.
 */
@ExtendWith(OutputCaptureExtension.class)
class OtherPeoplesQueueTests {

	private static final Map<String, Object> QUORUM = Map.of("x-queue-type", "quorum");

	private static final String OTHER = "Queue 'hello' is there as somebody else declared it";

	private static final String OWN = "Queue 'hello' is there as this service declares it";

	private final BrokerUnderTest broker = BrokerUnderTest.start();

	private @Nullable LocalService service;

	@SuppressWarnings("NullAway.Init")
	private HelloClient hello;

	@BeforeEach
	void startWithoutTheQueue() throws Exception {
		this.broker.withoutQueues("hello");
	}

	@AfterEach
	void stop() throws Exception {
		if (this.service != null) {
			this.service.close();
		}
		this.broker.withoutQueues("hello");
		this.broker.close();
	}

	private void startService(String edition) {
		LocalService started = LocalService.start(HelloServiceApplication.application(), this.broker.address(),
				"--warren.edition=" + edition);
		this.service = started;
		this.hello = new HelloClient(started.port());
		this.hello.awaitReady();
	}

	@Test
	void theQueueOfTodaysTutorialIsUsedByTheClassicEdition(CapturedOutput output) throws Exception {
		declare(true, QUORUM);
		startService("classic");

		assertThatTheQueueIsUsedAsItIs(true, "quorum", output);
	}

	@Test
	void theQueueOfTheOldTutorialIsUsedByTheCurrentEdition(CapturedOutput output) throws Exception {
		declare(false, null);
		startService("current");

		assertThatTheQueueIsUsedAsItIs(false, "classic", output);
	}

	private void assertThatTheQueueIsUsedAsItIs(boolean durable, String type, CapturedOutput output) throws Exception {
		String id = this.hello.accepted("to somebody else's queue");

		await().until(() -> this.hello.receivedIds().contains(id));
		for (int i = 0; i < 3; i++) {
			assertThatItIsDeclaredByOther(this.hello.object("/queue"), durable, type);
		}
		JsonNode health = this.hello.object("/actuator/health/readiness");
		assertThatItIsDeclaredByOther(health.at("/components/broker/details/declaredByOthers/Queue 'hello'"), durable,
				type);
		assertThat(output).containsOnlyOnce(OTHER).doesNotContain("receiver-1 does not receive");
	}

	private static void assertThatItIsDeclaredByOther(JsonNode queue, boolean durable, String type) {
		assertThat(queue.path("declaredBy").asString("")).as(queue::toString).isEqualTo("other");
		assertThat(queue.get("durable").asBoolean()).isEqualTo(durable);
		// RabbitMQ 4 says of a queue of no type that it is classic, others say nothing.
		assertThat(queue.get("arguments").path("x-queue-type").asString("classic")).isEqualTo(type);
	}

	@Test
	void theQueueAsTheServiceDeclaresItIsItsOwn(CapturedOutput output) throws Exception {
		startService("current");

		JsonNode queue = this.hello.object("/queue");
		assertThat(queue.get("declaredBy").asString()).isEqualTo("self");
		assertThat(queue.get("durable").asBoolean()).isTrue();
		assertThat(queue.get("arguments").toString()).isEqualTo("{\"x-queue-type\":\"quorum\"}");
		assertThat(this.hello.get("/actuator/health/readiness").body()).doesNotContain("declaredByOthers");
		assertThat(output).doesNotContain("Queue 'hello'");
	}

	@Test
	void aProgramThatComesSecondIsRefusedAndTheServiceGoesOn() throws Exception {
		startService("classic");

		Throwable refused = catchThrowable(() -> declare(true, QUORUM));

		assertThat(refused).rootCause().isInstanceOfSatisfying(ShutdownSignalException.class, (signal) -> {
			assertThat(signal.isHardError()).isFalse();
			assertThat(signal).hasMessageContaining("reply-code=406").hasMessageContaining("inequivalent arg");
		});
		String id = this.hello.accepted("after that");
		await().until(() -> this.hello.receivedIds().contains(id));
	}

	@Test
	void aQueueThatIsDeletedIsDeclaredByTheReceiversAtOnce(CapturedOutput output) throws Exception {
		declare(true, QUORUM);
		startService("classic");

		assertThat(this.hello.delete("/queue").statusCode()).isEqualTo(204);

		await().until(() -> this.hello.object("/queue").get("declaredBy").asString().equals("self"));
		await().until(() -> this.hello.object("/queue").get("consumers").asInt() == 1);
		String id = this.hello.accepted("to the service's own queue");
		await().until(() -> this.hello.receivedIds().contains(id));
		this.hello.awaitReady();
		assertThat(output).containsOnlyOnce(OTHER).containsOnlyOnce(OWN);
	}

	@Test
	void aQueueThatIsDeletedWhileNobodyReceivesIsForTheNextToDeclare(CapturedOutput output) throws Exception {
		startService("classic");
		this.hello.stopAllReceivers();

		assertThat(this.hello.delete("/queue").statusCode()).isEqualTo(204);
		declare(true, QUORUM);

		assertThatItIsDeclaredByOther(this.hello.object("/queue"), true, "quorum");
		String id = this.hello.accepted("to the next one's queue");
		this.hello.startReceiver();
		await().until(() -> this.hello.receivedIds().contains(id));
		assertThat(output).containsOnlyOnce(OTHER);
	}

	@Test
	void aQueueWithMessagesIsDeletedByForceOnly() throws Exception {
		startService("classic");
		this.hello.stopAllReceivers();
		this.hello.accepted("not yet received");

		HttpResponse<String> refused = this.hello.delete("/queue");

		assertThat(refused.statusCode()).isEqualTo(409);
		assertThat(json(refused).get("detail").asString()).contains("?force=true");
		assertThat(json(refused).get("field").asString()).isEqualTo("force");
		assertThat(this.hello.object("/queue").get("messages").asInt()).isOne();
		assertThat(this.hello.delete("/queue?force=true").statusCode()).isEqualTo(204);
		assertThat(this.hello.object("/queue").get("messages").asInt()).isZero();
	}

	@Test
	void aQueueThatSomebodyDeletesAndDeclaresOtherwiseIsUsed(CapturedOutput output) throws Exception {
		startService("classic");
		this.hello.stopAllReceivers();

		try (Connection other = this.broker.connect(); Channel channel = other.createChannel()) {
			channel.queueDelete("hello");
			channel.queueDeclare("hello", true, false, false, QUORUM);
		}

		assertThatItIsDeclaredByOther(this.hello.object("/queue"), true, "quorum");
		assertThat(output).containsOnlyOnce(OTHER);
	}

	@Test
	void aQueueThatIsDeletedAgainAndAgainLosesNoReceiver(CapturedOutput output) throws Exception {
		startService("classic");

		for (int i = 0; i < 5; i++) {
			this.broker.withChannel((channel) -> channel.queueDelete("hello"));
			String id = this.hello.accepted("number " + i);
			await().atMost(30, TimeUnit.SECONDS).until(() -> this.hello.receivedIds().contains(id));
		}

		this.hello.awaitReady();
		assertThat(output).doesNotContain("ERROR", "\tat ");
	}

	private void declare(boolean durable, @Nullable Map<String, Object> arguments) throws Exception {
		this.broker.withChannel((channel) -> channel.queueDeclare("hello", durable, false, false, arguments));
	}

}
