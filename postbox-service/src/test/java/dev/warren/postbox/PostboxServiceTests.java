package dev.warren.postbox;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import dev.warren.test.BrokerUnderTest;
import dev.warren.test.EventReader;
import dev.warren.test.LocalService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * The service on a {@linkplain BrokerUnderTest broker}, through its REST interface and
 * beside other programs.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostboxServiceTests {

	private static final String REGISTRY = "postbox_boxes";

	private BrokerUnderTest broker;

	private LocalService service;

	private PostboxClient postbox;

	@BeforeAll
	void start() throws Exception {
		this.broker = BrokerUnderTest.start()
			.withoutQueues(REGISTRY, PostboxTopology.PO_BOX, "attic", "cellar")
			.withoutExchanges(PostboxTopology.SORTING_ROOM);
		this.service = LocalService.start(PostboxServiceApplication.application(), this.broker.address(),
				"--warren.postbox.stream-prefetch=10");
		this.postbox = new PostboxClient(this.service.port());
		await().until(() -> this.postbox.isReady());
	}

	@AfterAll
	void stop() {
		this.service.close();
		this.broker.close();
	}

	@BeforeEach
	void startWithAnEmptyBox() throws Exception {
		for (JsonNode delivery : this.postbox.list("/deliveries")) {
			this.postbox.post("/deliveries/" + delivery.get("handle").asString() + "/reject?requeue=false");
		}
		for (String box : this.postbox.boxes()) {
			if (!box.equals("po_box")) {
				this.postbox.delete("/boxes/" + URLEncoder.encode(box, StandardCharsets.UTF_8).replace("+", "%20"));
			}
		}
		await().until(() -> readersAreGone());
		this.postbox.empty("po_box");
	}

	@Test
	void aLetterIsSentCollectedAndAcknowledged() throws Exception {
		this.postbox.declare("attic", "anna", "bert");

		HttpResponse<String> sent = this.postbox.postJson("/letters", "{\"to\":\"anna\",\"text\":\"Dear Anna\"}");
		HttpResponse<String> collected = this.postbox.post("/boxes/attic/collect?ack=manual");

		PostboxClient.assertStatus(sent, 202);
		PostboxClient.assertStatus(collected, 200);
		JsonNode letter = PostboxClient.json(collected);
		assertThat(letter.get("id").asString()).isEqualTo(PostboxClient.json(sent).get("id").asString());
		assertThat(letter.get("text").asString()).isEqualTo("Dear Anna");
		assertThat(letter.get("key").asString()).isEqualTo("anna");
		assertThat(letter.get("redelivered").asBoolean()).isFalse();
		assertThat(letter.get("properties").get("deliveryMode").asInt()).isEqualTo(2);
		this.postbox.acknowledge(letter);
		this.postbox.assertEmpty("attic");
		assertThat(this.postbox.messages("attic")).isZero();
	}

	@Test
	void aHundredHeadsOnAStreamTakeNoLetter() throws Exception {
		for (int i = 0; i < 20; i++) {
			this.postbox.sendLetter("jason", "letter " + i);
		}

		for (int i = 0; i < 100; i++) {
			HttpResponse<String> head = this.postbox
				.send(this.postbox.request("/boxes/po_box/stream").method("HEAD", BodyPublishers.noBody()));
			PostboxClient.assertStatus(head, 200);
		}

		assertThat(this.postbox.get("/boxes/po_box").body()).contains("\"messages\":20,\"consumers\":0");
		assertThat(readersAreGone()).isTrue();
		assertThat(this.postbox.list("/deliveries")).isEmpty();
	}

	@Test
	void aBoxIsThereFromTheStart() throws Exception {
		String box = this.postbox.object("/boxes/po_box").toString();

		assertThat(box).contains("\"name\":\"po_box\"", "\"keys\":[\"jason\"]", "\"messages\":0", "\"consumers\":0",
				"\"declaredBy\":\"self\"", "\"durable\":true", "\"arguments\":{");
		this.postbox.sendLetter("jason", "Dear Jason");
		assertThat(this.postbox.collect("po_box").get("text").asString()).isEqualTo("Dear Jason");
	}

	@Test
	void aBoxThatIsDeclaredAgainIsTheSameBox() throws Exception {
		HttpResponse<String> created = this.postbox.putJson("/boxes/attic", PostboxClient.keysJson("anna", "bert"));
		this.postbox.sendLetter("anna", "stays");

		HttpResponse<String> again = this.postbox.putJson("/boxes/attic",
				PostboxClient.keysJson("bert", "anna", "bert"));

		PostboxClient.assertStatus(created, 201);
		assertThat(created.headers().firstValue("Location")).hasValue("/boxes/attic");
		PostboxClient.assertStatus(again, 200);
		assertThat(PostboxClient.json(again).get("messages").asInt()).isOne();
	}

	@Test
	void aBoxWithOtherKeysIsAConflict() throws Exception {
		this.postbox.declare("attic", "anna");

		HttpResponse<String> response = this.postbox.putJson("/boxes/attic", PostboxClient.keysJson("bert"));

		assertProblem(response, 409, "conflict", "keys");
		assertThat(this.postbox.get("/boxes/attic").body()).contains("\"keys\":[\"anna\"]");
		assertProblem(this.postbox.postText("/letters?to=bert", "x"), 404, "not-found", "to");
	}

	@Test
	void aQueueWithOtherArgumentsIsAConflict() throws Exception {
		this.broker.withChannel((channel) -> {
			channel.queueDeclare("shed", false, false, false, null);
			try {
				channel.basicPublish("", "shed", null, "not ours".getBytes(StandardCharsets.UTF_8));

				HttpResponse<String> response = this.postbox.putJson("/boxes/shed", PostboxClient.keysJson("sam"));

				assertProblem(response, 409, "conflict", "name");
				PostboxClient.assertStatus(this.postbox.get("/boxes/shed"), 404);
				PostboxClient.assertStatus(this.postbox.post("/boxes/shed/collect"), 404);
				PostboxClient.assertStatus(this.postbox.delete("/boxes/shed"), 404);
				assertThat(channel.messageCount("shed")).isOne();
			}
			finally {
				channel.queueDelete("shed");
			}
			PostboxClient.assertStatus(this.postbox.putJson("/boxes/shed", PostboxClient.keysJson("sam")), 201);
		});
	}

	@Test
	void somebodyElsesExclusiveQueueIsAConflict() throws Exception {
		this.broker.withChannel((channel) -> {
			channel.queueDeclare("shed", false, true, false, null);

			assertProblem(this.postbox.putJson("/boxes/shed", PostboxClient.keysJson("sam")), 409, "conflict", "name");

			assertThat(this.postbox.boxes()).containsExactly("po_box");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "..", "%2E%2E", ".", "%20", "%09", "amq.box", "postbox_boxes", "a%0Ab", "a%C2%80b" })
	void aBadNameIsRefused(String name) throws Exception {
		for (HttpResponse<String> response : List.of(
				this.postbox.putJson("/boxes/" + name, PostboxClient.keysJson("anna")),
				this.postbox.get("/boxes/" + name), this.postbox.delete("/boxes/" + name),
				this.postbox.post("/boxes/" + name + "/collect"), this.postbox.get("/boxes/" + name + "/stream"))) {
			assertProblem(response, 400, "invalid-value", "name");
		}
		assertThat(this.postbox.boxes()).containsExactly("po_box");
	}

	@Test
	void aNameThatIsTooLongIsRefused() throws Exception {
		aBadNameIsRefused("n".repeat(256));
		aBadNameIsRefused("%C3%BC".repeat(128));
	}

	@Test
	void theLongestNameAndUnusualOnesAreNames() throws Exception {
		for (String name : List.of("n".repeat(255), "K%C3%A4stchen", "with%20space", "a.b-c_d~e")) {
			HttpResponse<String> response = this.postbox.putJson("/boxes/" + name,
					PostboxClient.keysJson("k".repeat(255)));

			PostboxClient.assertStatus(response, 201);
			assertThat(response.headers().firstValue("Location")).hasValue("/boxes/" + name);
			PostboxClient.assertStatus(this.postbox.get("/boxes/" + name), 200);
		}
		this.postbox.sendLetter("k".repeat(255), "to all of them");
		assertThat(this.postbox.collect("K%C3%A4stchen").get("box").asString()).isEqualTo("Kästchen");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"keys\":null}", "{\"keys\":[]}", "{\"keys\":[null]}", "{\"keys\":[\"\"]}",
			"{\"keys\":[\"a\\u0000b\"]}", "{\"keys\":[\"\\ud800\"]}", "{\"keys\":\"anna\"}", "{\"keys\":[1]}",
			"{\"keys\":[\"anna\"],\"durable\":true}", "[\"anna\"]", "nonsense", "" })
	void badKeysAreRefused(String json) throws Exception {
		PostboxClient.assertStatus(this.postbox.putJson("/boxes/attic", json), 400);

		PostboxClient.assertStatus(this.postbox.get("/boxes/attic"), 404);
	}

	@Test
	void tooLongAndTooManyKeysAreRefused() throws Exception {
		assertProblem(this.postbox.putJson("/boxes/attic", PostboxClient.keysJson("k".repeat(256))), 400,
				"invalid-value", "keys");
		String[] keys = IntStream.range(0, 21).mapToObj(String::valueOf).toArray(String[]::new);
		assertProblem(this.postbox.putJson("/boxes/attic", PostboxClient.keysJson(keys)), 400, "invalid-value", "keys");
	}

	@Test
	void aLetterToNobodyIsNotSent() throws Exception {
		HttpResponse<String> response = this.postbox.postJson("/letters", "{\"to\":\"nobody\",\"text\":\"Hello?\"}");

		assertProblem(response, 404, "not-found", "to");
		assertThat(response.body()).contains("was not sent").doesNotContain("confirmed");
		this.postbox.assertEmpty("po_box");
	}

	@Test
	void badLettersAreRefused() throws Exception {
		assertProblem(this.postbox.postJson("/letters", "{\"text\":\"x\"}"), 400, "invalid-value", "to");
		assertProblem(this.postbox.postJson("/letters", "{\"to\":\"\",\"text\":\"x\"}"), 400, "invalid-value", "to");
		assertProblem(this.postbox.postJson("/letters", "{\"to\":\"jason\"}"), 400, "invalid-value", "text");
		assertProblem(this.postbox.postText("/letters", "x"), 400, "invalid-value", "to");
		assertProblem(this.postbox.postText("/letters?to=" + "k".repeat(256), "x"), 400, "invalid-value", "to");
		assertProblem(this.postbox.postText("/letters?to=jason", "x".repeat(65537)), 413, "too-large", "text");
		assertProblem(this.postbox.post("/boxes/po_box/collect?ack=maybe"), 400, "invalid-value", "ack");
		assertProblem(this.postbox.post("/deliveries/x/reject?requeue=perhaps"), 400, "invalid-value", "requeue");
		this.postbox.assertEmpty("po_box");
	}

	@Test
	void aBoxThatIsNotThereIsNotFound() throws Exception {
		for (HttpResponse<String> response : List.of(this.postbox.get("/boxes/attic"),
				this.postbox.delete("/boxes/attic"), this.postbox.post("/boxes/attic/collect"),
				this.postbox.post("/boxes/attic/collect?ack=auto"), this.postbox.get("/boxes/attic/stream"))) {
			assertProblem(response, 404, "not-found", "name");
		}
	}

	@Test
	void aQueueThatIsNotABoxIsNotCollectedFrom() throws Exception {
		this.broker.withChannel((channel) -> {
			channel.queueDeclare("not_a_box", true, false, false, null);
			channel.basicPublish("", "not_a_box", null, "a task".getBytes(StandardCharsets.UTF_8));

			assertProblem(this.postbox.post("/boxes/not_a_box/collect?ack=auto"), 404, "not-found", "name");

			assertThat(channel.basicGet("not_a_box", true)).isNotNull();
			channel.queueDelete("not_a_box");
		});
	}

	@Test
	void aCollectedLetterIsNobodyElses() throws Exception {
		this.postbox.sendLetter("jason", "only one");

		JsonNode letter = this.postbox.collect("po_box");

		this.postbox.assertEmpty("po_box");
		assertThat(this.postbox.list("/deliveries")).singleElement()
			.satisfies((delivery) -> assertThat(delivery.get("handle")).isEqualTo(letter.get("handle")));
		this.postbox.acknowledge(letter);
		assertThat(this.postbox.list("/deliveries")).isEmpty();
	}

	@Test
	void withAckAutoALetterHasNoHandle() throws Exception {
		this.postbox.sendLetter("jason", "gone");

		HttpResponse<String> response = this.postbox.post("/boxes/po_box/collect?ack=auto");

		PostboxClient.assertStatus(response, 200);
		assertThat(PostboxClient.json(response).get("text").asString()).isEqualTo("gone");
		assertThat(PostboxClient.json(response).has("handle")).isFalse();
		this.postbox.assertEmpty("po_box");
	}

	@Test
	void aHandleIsSettledOnce() throws Exception {
		this.postbox.sendLetter("jason", "once");
		JsonNode letter = this.postbox.collect("po_box");
		this.postbox.acknowledge(letter);

		String delivery = "/deliveries/" + letter.get("handle").asString();
		assertProblem(this.postbox.post(delivery + "/ack"), 409, "conflict", "handle");
		assertProblem(this.postbox.post(delivery + "/reject"), 409, "conflict", "handle");
		this.postbox.assertEmpty("po_box");
	}

	@Test
	void anUnknownHandleIsNotFound() throws Exception {
		assertProblem(this.postbox.post("/deliveries/unknown/ack"), 404, "not-found", "handle");
		assertProblem(this.postbox.post("/deliveries/unknown/reject?requeue=false"), 404, "not-found", "handle");
	}

	@Test
	void ofManyWhoSettleAHandleOneSucceeds() throws Exception {
		for (int round = 0; round < 10; round++) {
			String text = "round " + round;
			this.postbox.sendLetter("jason", text);
			String delivery = "/deliveries/" + this.postbox.collect("po_box").get("handle").asString();
			List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				answers.add(this.postbox.postAsync(delivery + "/ack"));
				answers.add(this.postbox.postAsync(delivery + "/reject"));
			}

			List<HttpResponse<String>> responses = answers.stream().map(CompletableFuture::join).toList();

			assertThat(responses).extracting(HttpResponse::statusCode).containsOnlyOnce(200).containsOnly(200, 409);
			boolean requeued = responses.stream().anyMatch((response) -> response.body().contains("requeued"));
			assertThat(this.postbox.empty("po_box")).hasSize(requeued ? 1 : 0);
		}
	}

	@Test
	void aRejectedLetterGoesBackOrIsDropped() throws Exception {
		this.postbox.sendLetter("jason", "try me");

		JsonNode first = this.postbox.collect("po_box");
		HttpResponse<String> back = this.postbox.post("/deliveries/" + first.get("handle").asString() + "/reject");
		JsonNode second = this.postbox.collect("po_box");
		HttpResponse<String> dropped = this.postbox
			.post("/deliveries/" + second.get("handle").asString() + "/reject?requeue=false");

		PostboxClient.assertStatus(back, 200);
		assertThat(PostboxClient.json(back).get("state").asString()).isEqualTo("requeued");
		assertThat(first.get("redelivered").asBoolean()).isFalse();
		assertThat(second.get("redelivered").asBoolean()).isTrue();
		assertThat(second.get("id")).isEqualTo(first.get("id"));
		PostboxClient.assertStatus(dropped, 200);
		assertThat(PostboxClient.json(dropped).get("state").asString()).isEqualTo("rejected");
		this.postbox.assertEmpty("po_box");
	}

	@Test
	void aLetterOfADeletedBoxCannotGoBack() throws Exception {
		this.postbox.declare("attic", "anna");
		this.postbox.sendLetter("anna", "too late");
		JsonNode letter = this.postbox.collect("attic");
		PostboxClient.assertStatus(this.postbox.delete("/boxes/attic"), 204);

		String delivery = "/deliveries/" + letter.get("handle").asString();
		assertProblem(this.postbox.post(delivery + "/reject"), 404, "not-found", "handle");
		assertProblem(this.postbox.post(delivery + "/ack"), 409, "conflict", "handle");
	}

	@Test
	void aLetterOfADeletedBoxCanBeAcknowledged() throws Exception {
		this.postbox.declare("attic", "anna");
		this.postbox.sendLetter("anna", "the last");
		JsonNode letter = this.postbox.collect("attic");
		PostboxClient.assertStatus(this.postbox.delete("/boxes/attic"), 204);

		this.postbox.acknowledge(letter);
	}

	@Test
	void aDeletedBoxIsGoneWithItsLettersAndItsKeys() throws Exception {
		this.postbox.declare("attic", "anna");
		this.postbox.sendLetter("anna", "x");

		PostboxClient.assertStatus(this.postbox.delete("/boxes/attic"), 204);

		assertThat(this.postbox.boxes()).containsExactly("po_box");
		assertProblem(this.postbox.delete("/boxes/attic"), 404, "not-found", "name");
		assertProblem(this.postbox.postText("/letters?to=anna", "x"), 404, "not-found", "to");
		this.postbox.declare("attic", "bert");
		this.postbox.assertEmpty("attic");
	}

	@Test
	void everyBoxThatHasTheKeyGetsTheLetter() throws Exception {
		this.postbox.declare("attic", "anna", "family");
		this.postbox.declare("cellar", "bert", "family");

		this.postbox.sendLetter("family", "to both");

		assertThat(this.postbox.empty("attic")).hasSize(1);
		assertThat(this.postbox.empty("cellar")).hasSize(1);
	}

	@Test
	void aLetterIsAPersistentPlainTextOnTheWire() throws Exception {
		String id = this.postbox.sendLetter("jason", "Dear Jason");

		this.broker.withChannel((channel) -> {
			GetResponse letter = channel.basicGet("po_box", true);
			assertThat(new String(letter.getBody(), StandardCharsets.UTF_8)).isEqualTo("Dear Jason");
			assertThat(letter.getProps().getDeliveryMode()).isEqualTo(2);
			assertThat(letter.getProps().getContentType()).isEqualTo("text/plain");
			assertThat(letter.getProps().getMessageId()).isEqualTo(id);
			assertThat(letter.getEnvelope().getExchange()).isEqualTo("sorting_room");
			assertThat(letter.getEnvelope().getRoutingKey()).isEqualTo("jason");
		});
	}

	@Test
	void theProducerOfRabbitsAndWarrensFillsTheBox() throws Exception {
		this.broker.withChannel((channel) -> {
			channel.queueDeclare("po_box", true, false, false, BrokerUnderTest.queueArguments());
			channel.exchangeDeclare("sorting_room", "direct", true);
			channel.queueBind("po_box", "sorting_room", "jason");
			channel.basicPublish("sorting_room", "jason", null, "plain".getBytes(StandardCharsets.UTF_8));
			channel.basicPublish("sorting_room", "jason",
					new AMQP.BasicProperties.Builder().headers(Map.of("traceparent", 1)).build(),
					new byte[] { (byte) 0xff, 'x' });
		});

		await().until(() -> this.postbox.messages("po_box") == 2);
		assertThat(this.postbox.collect("po_box").get("text").asString()).isEqualTo("plain");
		assertThat(this.postbox.collect("po_box").get("text").asString()).isEqualTo("\ufffdx");
	}

	@Test
	void aBoxWhoseQueueWasDeletedByOthersIsThereAgainWhenItIsNeeded() throws Exception {
		this.postbox.declare("attic", "anna");

		deleteQueue("attic");
		this.postbox.sendLetter("anna", "arrives");
		assertThat(this.postbox.empty("attic")).hasSize(1);

		deleteQueue("attic");
		this.postbox.assertEmpty("attic");
		this.postbox.sendLetter("anna", "arrives");

		deleteQueue("attic");
		assertThat(this.postbox.messages("attic")).isZero();
		this.postbox.sendLetter("anna", "arrives");

		deleteQueue("attic");
		try (EventReader reader = this.postbox.open("attic").start()) {
			this.postbox.sendLetter("anna", "arrives");
			await().until(() -> PostboxClient.texts(reader).equals(List.of("arrives")));
		}
	}

	@Test
	void whenTheExchangeWasDeletedByOthersItIsThereAgain() throws Exception {
		this.broker.withChannel((channel) -> channel.exchangeDelete("sorting_room"));

		// Spring's own thread throws when it waits for the confirms of a channel that the
		// broker has closed.
		await().dontCatchUncaughtExceptions()
			.until(() -> this.postbox.postText("/letters?to=jason", "x").statusCode() == 202);

		assertThat(this.postbox.empty("po_box")).isNotEmpty();
	}

	@Test
	void whileTheExchangeIsDeletedByOthersABoxIsDeclaredLookedAtAndDeleted() throws Exception {
		this.postbox.declare("cellar", "bert");

		this.broker.withChannel((channel) -> channel.exchangeDelete("sorting_room"));
		this.postbox.declare("attic", "anna");
		this.postbox.sendLetter("anna", "arrives");
		this.postbox.sendLetter("bert", "arrives, too");
		this.broker.withChannel((channel) -> channel.exchangeDelete("sorting_room"));
		assertThat(this.postbox.messages("attic")).isEqualTo(1);
		this.broker.withChannel((channel) -> channel.exchangeDelete("sorting_room"));
		assertThat(this.postbox.delete("/boxes/attic").statusCode()).isEqualTo(204);

		this.postbox.sendLetter("bert", "again");
		assertThat(this.postbox.empty("cellar")).hasSize(2);
	}

	@Test
	void anExchangeOfAnotherTypeIsUsedAndToldAndCostsNoBox() throws Exception {
		this.postbox.declare("attic", "anna");
		this.broker.withChannel((channel) -> {
			channel.exchangeDelete("sorting_room");
			channel.exchangeDeclare("sorting_room", "fanout", true);
			try {
				this.postbox.declare("cellar", "bert");
				PostboxClient.assertStatus(this.postbox.putJson("/boxes/attic", PostboxClient.keysJson("anna")), 200);
				this.postbox.sendLetter("bert", "to all");
				assertThat(this.postbox.get("/actuator/health").body())
					.contains("received 'direct' but current is 'fanout'");
				assertThat(this.postbox.empty("attic")).hasSize(1);
			}
			finally {
				channel.exchangeDelete("sorting_room");
			}
		});

		assertThat(this.postbox.boxes()).containsExactly("po_box", "attic", "cellar");
		await().until(() -> this.postbox.postText("/letters?to=anna", "x").statusCode() == 202);
	}

	@Test
	void aBoxThatTheBrokerDoesNotDeleteStaysAndTheOthersGoOn() throws Exception {
		this.postbox.declare("attic", "anna");
		deleteQueue("attic");
		this.broker.withChannel((channel) -> {
			channel.queueDeclare("attic", false, true, false, null);

			assertProblem(this.postbox.delete("/boxes/attic"), 409, "conflict", "name");

			assertThat(this.postbox.boxes()).containsExactly("po_box");
			PostboxClient.assertStatus(this.postbox.get("/boxes/po_box"), 200);
			this.postbox.declare("cellar", "bert");
		});
		PostboxClient.assertStatus(this.postbox.delete("/boxes/attic"), 204);
		assertThat(this.postbox.boxes()).containsExactly("po_box", "cellar");
	}

	@Test
	void thereIsOneRecordOfEachBoxHoweverOftenBoxesChange() throws Exception {
		for (int i = 0; i < 30; i++) {
			this.postbox.declare("attic", "anna");
			PostboxClient.assertStatus(this.postbox.delete("/boxes/attic"), 204);
		}
		this.postbox.declare("attic", "anna");

		assertThat(this.postbox.boxes()).containsExactly("po_box", "attic");
		// One of the box, one that marks the end.
		await().until(() -> this.broker.messages(REGISTRY) == 2);
	}

	// No other service's own: on a broker that is not embedded its tests may be running.
	@Test
	void aQueueOfOthersIsNeverABox() throws Exception {
		String queue = "queue_of_others";
		this.broker.withChannel((channel) -> {
			channel.queueDeclare(queue, true, false, false, BrokerUnderTest.queueArguments());
			try {
				channel.basicPublish("", queue, null, "a task".getBytes(StandardCharsets.UTF_8));

				assertProblem(this.postbox.putJson("/boxes/" + queue, PostboxClient.keysJson("sam")), 409, "conflict",
						"name");
				for (HttpResponse<String> response : List.of(this.postbox.get("/boxes/" + queue),
						this.postbox.delete("/boxes/" + queue),
						this.postbox.post("/boxes/" + queue + "/collect?ack=auto"),
						this.postbox.get("/boxes/" + queue + "/stream"))) {
					assertProblem(response, 404, "not-found", "name");
				}
				assertThat(this.postbox.boxes()).containsExactly("po_box");
				assertThat(channel.basicGet(queue, true)).isNotNull();
			}
			finally {
				channel.queueDelete(queue);
			}
		});
	}

	@Test
	void aBoxWhoseNameOthersHaveTakenMeanwhileIsNeitherCollectedFromNorDeleted() throws Exception {
		this.postbox.declare("attic", "anna");
		deleteQueue("attic");
		this.broker.withChannel((channel) -> {
			channel.queueDeclare("attic", false, false, false, null);
			try {
				channel.basicPublish("", "attic", null, "not ours".getBytes(StandardCharsets.UTF_8));

				PostboxClient.assertStatus(this.postbox.post("/boxes/attic/collect?ack=auto"), 409);
				PostboxClient.assertStatus(this.postbox.get("/boxes/attic"), 409);
				assertThat(this.postbox.boxes()).containsExactly("po_box");
				PostboxClient.assertStatus(this.postbox.delete("/boxes/attic"), 204);
				PostboxClient.assertStatus(this.postbox.get("/boxes/attic"), 404);
				assertThat(channel.basicGet("attic", true)).isNotNull();
			}
			finally {
				channel.queueDelete("attic");
			}
		});
	}

	@Test
	void whatOthersPutIntoTheRegistryReplacesNothing() throws Exception {
		this.postbox.declare("attic", "anna");
		String record = "{\"name\":\"task_queue\",\"keys\":[\"anna\"],\"arguments\":{}}";
		AMQP.BasicProperties forged = new AMQP.BasicProperties.Builder().type("boxes")
			.headers(Map.of("box", record))
			.deliveryMode(2)
			.build();
		this.broker.withChannel((channel) -> {
			for (String junk : List.of("{\"revision\":9223372036854775807,\"boxes\":[]}",
					"{\"revision\":100,\"boxes\":[null]}", "null", "a stranger's", record, "")) {
				channel.basicPublish("", REGISTRY, forged, junk.getBytes(StandardCharsets.UTF_8));
				channel.basicPublish("amq.headers", "", forged, junk.getBytes(StandardCharsets.UTF_8));
			}
		});

		assertThat(this.postbox.boxes()).containsExactly("po_box", "attic");
		PostboxClient.assertStatus(this.postbox.get("/boxes/task_queue"), 404);
		this.postbox.declare("cellar", "bert");
		assertThat(this.postbox.boxes()).containsExactly("po_box", "attic", "cellar");
	}

	@Test
	void theRecordOfADeletedBoxCannotBeRepeated() throws Exception {
		this.postbox.declare("attic", "anna");
		this.broker.withChannel((channel) -> {
			AMQP.BasicProperties repeated = record(channel).getProperties();
			channel.basicPublish("amq.headers", "", repeated, new byte[0]);
			assertThat(this.postbox.boxes()).containsExactly("po_box", "attic");
			PostboxClient.assertStatus(this.postbox.delete("/boxes/attic"), 204);

			channel.basicPublish("amq.headers", "", repeated, new byte[0]);
			channel.basicPublish("", REGISTRY, repeated, new byte[0]);

			assertThat(this.postbox.boxes()).containsExactly("po_box");
			this.postbox.declare("attic", "bert");
		});
	}

	@Test
	void junkInTheRegistryIsMetOnce() throws Exception {
		this.postbox.declare("attic", "anna");
		this.broker.withChannel((channel) -> {
			channel.confirmSelect();
			for (int i = 0; i < 50_000; i++) {
				channel.basicPublish("", REGISTRY, null, new byte[0]);
			}
			channel.waitForConfirms();
		});

		await().atMost(Duration.ofMinutes(2))
			.ignoreExceptions()
			.until(() -> this.postbox.boxes().equals(List.of("po_box", "attic")));

		await().atMost(Duration.ofMinutes(1)).until(() -> this.broker.messages(REGISTRY) == 2);
	}

	@Test
	void aMessageTooLargeToBeReceivedDoesNotGetIntoTheRegistry() throws Exception {
		assumeThat(BrokerUnderTest.queueArguments()).as("a quorum queue takes one").isNull();
		this.postbox.declare("attic", "anna");

		this.broker.withChannel((channel) -> {
			channel.confirmSelect();
			channel.basicPublish("", REGISTRY, null, new byte[2_000_000]);
			assertThat(channel.waitForConfirms()).isFalse();
		});

		assertThat(this.postbox.boxes()).containsExactly("po_box", "attic");
	}

	@Test
	void aStreamGivesEachLetterAHandleAndTheNextForThoseThatAreSettled() throws Exception {
		for (int i = 0; i < 15; i++) {
			this.postbox.sendLetter("jason", "letter " + i);
		}

		try (EventReader reader = this.postbox.open("po_box").start()) {
			// As many as the prefetch.
			await().until(() -> reader.count() == 10);
			assertThat(this.postbox.consumers("po_box")).isOne();
			assertThat(this.postbox.messages("po_box")).isEqualTo(5);
			List<EventReader.Event> events = reader.events();
			assertThat(events.get(0).json().get("key").asString()).isEqualTo("jason");
			assertThat(this.postbox.list("/deliveries")).hasSize(10);
			for (EventReader.Event event : events.subList(0, 4)) {
				this.postbox.acknowledge(event.json());
			}
			PostboxClient.assertStatus(
					this.postbox
						.post("/deliveries/" + events.get(4).json().get("handle").asString() + "/reject?requeue=false"),
					200);
			String settled = "/deliveries/" + events.get(0).json().get("handle").asString() + "/ack";
			assertProblem(this.postbox.post(settled), 409, "conflict", "handle");
			await().until(() -> reader.count() == 15);
		}

		await().until(() -> readersAreGone() && this.postbox.list("/deliveries").isEmpty());
		assertThat(this.postbox.empty("po_box")).extracting((letter) -> letter.get("text").asString())
			.containsExactlyElementsOf(IntStream.range(5, 15).mapToObj((i) -> "letter " + i).toList());
	}

	@Test
	void aHandleOfAStreamEndsWithItsReader() throws Exception {
		this.postbox.sendLetter("jason", "unread");
		EventReader reader = this.postbox.open("po_box").start();
		await().until(() -> reader.count() == 1);
		String handle = reader.events().get(0).json().get("handle").asString();

		reader.close();

		await().until(() -> readersAreGone());
		HttpResponse<String> late = this.postbox.post("/deliveries/" + handle + "/ack");
		assertProblem(late, 409, "conflict", "handle");
		assertThat(late.body()).contains("the letter goes back to its box");
		assertThat(this.postbox.collect("po_box").get("redelivered").asBoolean()).isTrue();
	}

	@Test
	void whatAReaderNeverReadIsNotLost() throws Exception {
		for (int i = 0; i < 200; i++) {
			this.postbox.sendLetter("jason", "letter " + i);
		}

		// All that the service may write fits into the network's buffers.
		EventReader reader = this.postbox.open("po_box");
		await().until(() -> this.postbox.messages("po_box") == 190);
		reader.close();

		await().until(() -> readersAreGone());
		assertThat(this.postbox.empty("po_box")).hasSize(200);
	}

	@Test
	void withAckAutoAStreamAcknowledgesWhatItWrites() throws Exception {
		this.postbox.sendLetter("jason", "waited");

		try (EventReader reader = EventReader.open(this.postbox, "/boxes/po_box/stream?ack=auto").start()) {
			assertThat(this.postbox.consumers("po_box")).isOne();
			this.postbox.sendLetter("jason", "live");

			await().until(() -> PostboxClient.texts(reader).equals(List.of("waited", "live")));
			assertThat(reader.events().get(0).json().get("key").asString()).isEqualTo("jason");
			assertThat(reader.events().get(0).json().has("handle")).isFalse();
			await().until(() -> this.postbox.meter("warren_postbox_streamed_total", "") >= 2);
		}

		await().until(() -> readersAreGone());
		this.postbox.assertEmpty("po_box");
	}

	@Test
	void aLetterThatComesWhenTheReaderHasLeftStaysInTheBox() throws Exception {
		EventReader reader = this.postbox.open("po_box");
		reader.close();

		this.postbox.sendLetter("jason", "kept");

		await().until(() -> readersAreGone());
		assertThat(this.postbox.empty("po_box")).singleElement()
			.satisfies((letter) -> assertThat(letter.get("text").asString()).isEqualTo("kept"));
	}

	@Test
	void aReaderThatDoesNotReadStopsTheFlowAndLosesOnlyWhatWasWrittenToIt() throws Exception {
		int count = 300;
		String text = "x".repeat(60_000);
		for (int i = 0; i < count; i++) {
			this.postbox.sendLetter("jason", i + " " + text);
		}

		EventReader reader = EventReader.open(this.postbox, "/boxes/po_box/stream?ack=auto", 8 * 1024);
		await().until(() -> isUnchanged(() -> this.postbox.messages("po_box")));
		assertThat(this.postbox.messages("po_box")).isPositive();
		reader.close();

		await().until(() -> readersAreGone());
		List<JsonNode> left = this.postbox.empty("po_box");
		assertThat(left).hasSizeLessThan(count).isNotEmpty();
		assertThat(left).extracting((letter) -> number(letter))
			.isEqualTo(IntStream.range(count - left.size(), count).boxed().toList());
	}

	@Test
	void aStreamEndsWithItsBox() throws Exception {
		this.postbox.declare("attic", "anna");

		try (EventReader reader = this.postbox.open("attic").start()) {
			PostboxClient.assertStatus(this.postbox.delete("/boxes/attic"), 204);

			await().until(reader::hasEnded);
			assertThat(reader.events("end")).singleElement()
				.extracting(EventReader.Event::data)
				.isEqualTo("{\"reason\":\"the box was deleted\"}");
		}
	}

	@Test
	void everythingIsDescribedAndCounted() throws Exception {
		this.postbox.sendLetter("jason", "x");
		this.postbox.acknowledge(this.postbox.collect("po_box"));

		assertThat(this.postbox.get("/v3/api-docs").body()).contains("\"title\":\"postbox-service\"",
				"/boxes/{name}/collect", "/deliveries/{handle}/ack", "/boxes/{name}/stream");
		assertThat(this.postbox.meter("warren_postbox_collected_total",
				"application=\"postbox-service\",outcome=\"acked\""))
			.isPositive();
		assertThat(this.postbox.get("/actuator/prometheus").body())
			.contains("warren_postbox_handles{application=\"postbox-service\"} 0.0");
		await().until(() -> this.postbox.get("/actuator/prometheus")
			.body()
			.contains("warren_queue_messages{application=\"postbox-service\",queue=\"po_box\"}"));
		assertThat(this.postbox.get("/actuator/health").body()).contains("\"product\"");
	}

	private static int number(JsonNode letter) {
		return Integer.parseInt(letter.get("text").asString().split(" ")[0]);
	}

	private static boolean isUnchanged(Callable<Integer> value) throws Exception {
		int before = value.call();
		for (int i = 0; i < 20; i++) {
			if (value.call() != before) {
				return false;
			}
		}
		return true;
	}

	private boolean readersAreGone() throws Exception {
		return this.postbox.consumers("po_box") == 0 && this.postbox.get("/actuator/prometheus")
			.body()
			.contains("warren_postbox_streams{application=\"postbox-service\"} 0.0");
	}

	// The only record. RabbitMQ does not allow basic.get with a single active consumer.
	private static com.rabbitmq.client.Delivery record(Channel channel) throws Exception {
		BlockingQueue<com.rabbitmq.client.Delivery> deliveries = new LinkedBlockingQueue<>();
		String tag = channel.basicConsume(REGISTRY, false, (consumer, delivery) -> deliveries.add(delivery),
				(consumer) -> {
				});
		try {
			return await()
				.until(() -> deliveries.stream()
					.filter((delivery) -> delivery.getEnvelope().getExchange().equals("amq.headers"))
					.findFirst(), Optional::isPresent)
				.orElseThrow();
		}
		finally {
			channel.basicCancel(tag);
			channel.basicRecover(true);
		}
	}

	private void deleteQueue(String queue) throws Exception {
		this.broker.withChannel((channel) -> channel.queueDelete(queue));
	}

	private static void assertProblem(HttpResponse<String> response, int status, String type, String field) {
		PostboxClient.assertStatus(response, status);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		JsonNode problem = PostboxClient.json(response);
		assertThat(problem.get("type").asString()).as(response.body()).isEqualTo("urn:warren:problem:" + type);
		assertThat(problem.path("field").asString("")).as(response.body()).isEqualTo(field);
		assertThat(problem.get("title").asString()).isNotEmpty();
		assertThat(response.body()).doesNotContain("Exception", "\tat ");
	}

}
