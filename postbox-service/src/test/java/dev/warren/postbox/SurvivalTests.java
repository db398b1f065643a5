package dev.warren.postbox;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import dev.warren.test.BrokerUnderTest;
import dev.warren.test.EventReader;
import dev.warren.test.JavaProcess;
import dev.warren.test.LocalService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What remains of boxes and letters when time is up, when services and brokers are killed
 * and come back, and how several instances get along.
 */
class SurvivalTests {

	private static final Duration RECOVERY = Duration.ofSeconds(30);

	private static final int KILLS = Integer.getInteger("warren.test.kills", 1);

	@TempDir
	Path directory;

	@Test
	void aHandleThatIsNotSettledInTimeGoesBackExactlyOnce() throws Exception {
		try (BrokerUnderTest broker = brokerWithoutBoxes();
				LocalService service = ready(broker.address(), "--warren.postbox.handle-timeout=300ms")) {
			PostboxClient postbox = new PostboxClient(service.port());
			String id = postbox.sendLetter("jason", "late");
			JsonNode first = postbox.collect("po_box");

			await().until(() -> postbox.messages("po_box") == 1);

			for (String settlement : List.of("/ack", "/reject")) {
				HttpResponse<String> response = postbox
					.post("/deliveries/" + first.get("handle").asString() + settlement);
				PostboxClient.assertStatus(response, 409);
				assertThat(response.body()).contains("not settled in time");
			}
			assertThat(postbox.empty("po_box")).singleElement().satisfies((letter) -> {
				assertThat(letter.get("id").asString()).isEqualTo(id);
				assertThat(letter.get("redelivered").asBoolean()).isTrue();
			});
		}
	}

	@Test
	void ofTimeAndAnAcknowledgementOneWins() throws Exception {
		try (BrokerUnderTest broker = brokerWithoutBoxes();
				LocalService service = ready(broker.address(), "--warren.postbox.handle-timeout=20ms")) {
			PostboxClient postbox = new PostboxClient(service.port());
			for (int round = 0; round < 20; round++) {
				postbox.sendLetter("jason", "round " + round);
				JsonNode letter = postbox.collect("po_box");

				HttpResponse<String> response = postbox.post("/deliveries/" + letter.get("handle").asString() + "/ack");

				assertThat(response.statusCode()).as(response.body()).isIn(200, 409);
				int left = (response.statusCode() == 200) ? 0 : 1;
				await().until(() -> postbox.messages("po_box") == left);
				assertThat(postbox.empty("po_box")).hasSize(left);
			}
		}
	}

	@Test
	void aLetterThatAKilledServiceHeldIsBackExactlyOnce() throws Exception {
		try (BrokerUnderTest broker = brokerWithoutBoxes();
				LocalService survivor = ready(broker.address());
				JavaProcess victim = JavaProcess.startService(this.directory, PostboxServiceApplication.class,
						broker.address())) {
			PostboxClient postbox = new PostboxClient(survivor.port());
			String id = postbox.sendLetter("jason", "held");
			PostboxClient victims = new PostboxClient(victim.awaitHttpPort());
			await().atMost(RECOVERY).until(victims::isReady);
			JsonNode held = victims.collect("po_box");
			postbox.assertEmpty("po_box");

			victim.kill();

			await().until(() -> postbox.messages("po_box") == 1);
			JsonNode back = postbox.collect("po_box");
			assertThat(back.get("id").asString()).isEqualTo(id).isEqualTo(held.get("id").asString());
			assertThat(back.get("redelivered").asBoolean()).isTrue();
			postbox.acknowledge(back);
			postbox.assertEmpty("po_box");
			PostboxClient.assertStatus(postbox.post("/deliveries/" + held.get("handle").asString() + "/ack"), 404);
		}
	}

	@Test
	void aServiceThatStopsPutsBackWhatItHolds() throws Exception {
		try (BrokerUnderTest broker = brokerWithoutBoxes()) {
			try (LocalService service = ready(broker.address())) {
				new PostboxClient(service.port()).sendLetter("jason", "held");
				new PostboxClient(service.port()).collect("po_box");
			}

			try (Connection connection = broker.connect(); Channel channel = connection.createChannel()) {
				// A quorum queue has what is given back a moment later.
				GetResponse letter = await().until(() -> channel.basicGet("po_box", true), Objects::nonNull);
				assertThat(letter.getEnvelope().isRedeliver()).isTrue();
				assertThat(letter.getMessageCount()).isZero();
			}
		}
	}

	@Test
	void aStreamsReaderIsToldThatTheServiceStops() throws Exception {
		try (BrokerUnderTest broker = brokerWithoutBoxes()) {
			LocalService service = ready(broker.address());
			try (EventReader reader = new PostboxClient(service.port()).open("po_box").start()) {
				stop(service);

				await().until(reader::hasEnded);
				assertThat(reader.events("end")).singleElement().asString().contains("the service stops");
			}
		}
	}

	private static void stop(LocalService service) {
		service.close();
	}

	@Test
	void handlesAndStreamsAreBounded() throws Exception {
		try (BrokerUnderTest broker = brokerWithoutBoxes();
				LocalService service = ready(broker.address(), "--warren.postbox.max-handles=2",
						"--warren.postbox.remembered-handles=1", "--warren.postbox.max-streams=1",
						"--warren.postbox.max-boxes=2")) {
			PostboxClient postbox = new PostboxClient(service.port());
			for (int i = 0; i < 3; i++) {
				postbox.sendLetter("jason", "letter " + i);
			}
			JsonNode first = postbox.collect("po_box");
			JsonNode second = postbox.collect("po_box");

			assertBusy(postbox.post("/boxes/po_box/collect"));
			postbox.acknowledge(first);
			await().until(() -> postbox.post("/boxes/po_box/collect").statusCode() == 200);
			postbox.acknowledge(second);
			PostboxClient.assertStatus(postbox.post("/deliveries/" + second.get("handle").asString() + "/ack"), 409);
			PostboxClient.assertStatus(postbox.post("/deliveries/" + first.get("handle").asString() + "/ack"), 404);
			try (EventReader reader = postbox.open("po_box").start()) {
				assertBusy(postbox.get("/boxes/po_box/stream"));
				assertThat(reader.hasEnded()).isFalse();
			}
			postbox.declare("attic", "anna");
			PostboxClient.assertStatus(postbox.putJson("/boxes/cellar", PostboxClient.keysJson("bert")), 409);
		}
	}

	@Test
	void aServiceFindsItsBoxesAgainAndADeletedOneStaysDeleted() throws Exception {
		try (BrokerUnderTest broker = brokerWithoutBoxes()) {
			try (LocalService service = ready(broker.address())) {
				PostboxClient postbox = new PostboxClient(service.port());
				postbox.declare("attic", "anna", "bert");
				postbox.sendLetter("bert", "still here");
				postbox.declare("cellar", "carl");
				PostboxClient.assertStatus(postbox.delete("/boxes/cellar"), 204);
			}

			try (LocalService service = ready(broker.address())) {
				PostboxClient postbox = new PostboxClient(service.port());
				assertThat(postbox.boxes()).containsExactly("po_box", "attic");
				assertThat(postbox.get("/boxes/attic").body()).contains("\"keys\":[\"anna\",\"bert\"]",
						"\"messages\":1");
				postbox.sendLetter("anna", "another");
				assertThat(postbox.empty("attic")).hasSize(2);
				PostboxClient.assertStatus(postbox.delete("/boxes/attic"), 204);
			}
		}
	}

	@Test
	void aBoxThatWasOnlyWrittenDownIsDeclared() throws Exception {
		try (BrokerUnderTest broker = brokerWithoutBoxes(); LocalService service = ready(broker.address())) {
			PostboxClient postbox = new PostboxClient(service.port());
			String record = "{\"name\":\"attic\",\"keys\":[\"anna\"],\"arguments\":{}}";
			broker.withChannel((channel) -> {
				channel.confirmSelect();
				channel.queueBind("postbox_boxes", "amq.headers", "", Map.of("box", record));
				channel.basicPublish("amq.headers", "",
						new AMQP.BasicProperties.Builder().headers(Map.of("box", record)).deliveryMode(2).build(),
						new byte[0]);
				channel.waitForConfirms();
			});

			postbox.sendLetter("anna", "bound");

			assertThat(postbox.empty("attic")).hasSize(1);
			PostboxClient.assertStatus(postbox.delete("/boxes/attic"), 204);
			assertThat(postbox.boxes()).containsExactly("po_box");
		}
	}

	@Test
	void twoInstancesShareTheBoxes() throws Exception {
		try (BrokerUnderTest broker = brokerWithoutBoxes();
				LocalService first = ready(broker.address());
				LocalService second = ready(broker.address())) {
			List<PostboxClient> instances = List.of(new PostboxClient(first.port()), new PostboxClient(second.port()));
			int count = 12;

			inParallel(IntStream.range(0, 2 * count)
				.<Task>mapToObj((i) -> () -> instances.get(i % 2).declare("box" + i, "key" + i))
				.toList());

			for (PostboxClient instance : instances) {
				assertThat(instance.boxes()).hasSize(2 * count + 1).doesNotHaveDuplicates();
			}
			instances.get(0).sendLetter("key1", "from the other");
			instances.get(1).acknowledge(instances.get(1).collect("box1"));
			inParallel(IntStream.range(0, 2 * count)
				.<Task>mapToObj((i) -> () -> PostboxClient
					.assertStatus(instances.get((i + 1) % 2).delete("/boxes/box" + i), 204))
				.toList());
			for (PostboxClient instance : instances) {
				assertThat(instance.boxes()).containsExactly("po_box");
				PostboxClient.assertStatus(instance.post("/boxes/box1/collect"), 404);
			}
		}
	}

	@Test
	void ofTwoWhoDeclareTheSameBoxWithOtherKeysOneSucceeds() throws Exception {
		try (BrokerUnderTest broker = brokerWithoutBoxes();
				LocalService first = ready(broker.address());
				LocalService second = ready(broker.address())) {
			List<PostboxClient> instances = List.of(new PostboxClient(first.port()), new PostboxClient(second.port()));
			for (int round = 0; round < 5; round++) {
				List<CompletableFuture<HttpResponse<String>>> answers = List.of(
						instances.get(0).putJsonAsync("/boxes/attic", PostboxClient.keysJson("anna")),
						instances.get(1).putJsonAsync("/boxes/attic", PostboxClient.keysJson("bert")));

				assertThat(answers.stream().map(CompletableFuture::join).map(HttpResponse::statusCode))
					.containsExactlyInAnyOrder(201, 409);
				PostboxClient.assertStatus(instances.get(0).delete("/boxes/attic"), 204);
			}
		}
	}

	@Test
	void whatAKilledServiceHadConfirmedOfItsBoxesIsSo() throws Exception {
		try (BrokerUnderTest broker = brokerWithoutBoxes(); LocalService survivor = ready(broker.address())) {
			PostboxClient postbox = new PostboxClient(survivor.port());
			Map<String, Boolean> confirmed = new HashMap<>();
			for (int kill = 0; kill < KILLS; kill++) {
				try (JavaProcess victim = JavaProcess.startService(this.directory, PostboxServiceApplication.class,
						broker.address())) {
					PostboxClient victims = new PostboxClient(victim.awaitHttpPort());
					await().atMost(RECOVERY).until(victims::isReady);
					String prefix = "box" + kill + "-";
					int enough = 10 * (kill + 1);
					CompletableFuture<Void> changes = CompletableFuture
						.runAsync(() -> changeUntilKilled(victims, prefix, confirmed));
					// Who looks takes turns with who changes, and may be told that the
					// registry is busy.
					await().atMost(Duration.ofMinutes(2))
						.pollInterval(Duration.ofSeconds(1))
						.ignoreExceptionsInstanceOf(AssertionError.class)
						.until(() -> changes.isDone() || postbox.boxes().size() > enough);
					victim.kill();
					changes.join();
				}
			}

			Set<String> boxes = new HashSet<>(postbox.boxes());
			assertThat(confirmed).hasSizeGreaterThan(10 * KILLS);
			confirmed.forEach((box, there) -> assertThat(boxes.contains(box)).as(box).isEqualTo(there));
			for (String box : boxes) {
				if (box.startsWith("box")) {
					postbox.sendLetter("key-" + box, "bound");
					assertThat(postbox.empty(box)).hasSize(1);
					PostboxClient.assertStatus(postbox.delete("/boxes/" + box), 204);
				}
			}
		}
	}

	// Every third box is deleted again. What got no answer may or may not be so.
	private static void changeUntilKilled(PostboxClient postbox, String prefix, Map<String, Boolean> confirmed) {
		try {
			for (int i = 0; true; i++) {
				String box = prefix + i;
				postbox.declare(box, "key-" + box);
				confirmed.put(box, true);
				if (i % 3 == 0) {
					confirmed.remove(box);
					PostboxClient.assertStatus(postbox.delete("/boxes/" + box), 204);
					confirmed.put(box, false);
				}
			}
		}
		catch (Exception ex) {
			// Killed.
		}
	}

	@Test
	void boxesBindingsAndLettersSurviveABrokerThatIsKilled() throws Exception {
		try (JavaProcess broker = JavaProcess.startBroker(this.directory, 0)) {
			int port = broker.awaitAmqpPort();
			try (LocalService service = ready("127.0.0.1:" + port)) {
				PostboxClient postbox = new PostboxClient(service.port());
				postbox.declare("attic", "anna");
				String acknowledged = postbox.sendLetter("anna", "acknowledged");
				String held = postbox.sendLetter("anna", "held");
				String waiting = postbox.sendLetter("anna", "waiting");
				JsonNode first = postbox.collect("attic");
				JsonNode second = postbox.collect("attic");
				postbox.acknowledge(first);
				assertThat(first.get("id").asString()).isEqualTo(acknowledged);

				broker.kill();
				await().until(() -> !postbox.isReady());
				assertUnavailable(postbox);
				HttpResponse<String> late = postbox.post("/deliveries/" + second.get("handle").asString() + "/ack");
				PostboxClient.assertStatus(late, 409);
				assertThat(late.body()).contains("the letter goes back to its box");

				try (JavaProcess restarted = JavaProcess.startBroker(this.directory, port)) {
					restarted.awaitAmqpPort();
					await().atMost(RECOVERY).until(postbox::isReady);
					assertThat(postbox.boxes()).containsExactly("po_box", "attic");
					// What was acknowledged is gone: its acknowledgement was on disk.
					assertThat(postbox.empty("attic")).extracting((letter) -> letter.get("id").asString())
						.containsExactly(held, waiting);
					postbox.sendLetter("anna", "as before");
					assertThat(postbox.empty("attic")).hasSize(1);
				}
			}
		}
	}

	@Test
	void aServiceWithoutABrokerAnswers503AndAnEmptyBrokerHasOnlyTheFirstBox() throws Exception {
		try (BrokerUnderTest broker = BrokerUnderTest.stopped()) {
			broker.restart();
			try (LocalService service = ready(broker.address())) {
				PostboxClient postbox = new PostboxClient(service.port());
				postbox.declare("attic", "anna");

				broker.stop();
				await().until(() -> !postbox.isReady());
				assertUnavailable(postbox);
				PostboxClient.assertStatus(postbox.get("/actuator/health/liveness"), 200);

				broker.restart();
				await().atMost(RECOVERY).until(postbox::isReady);
				// The keeper needs no request to have everything there.
				await().atMost(RECOVERY).until(() -> postbox.postText("/letters?to=jason", "x").statusCode() == 202);
				assertThat(postbox.boxes()).containsExactly("po_box");
				PostboxClient.assertStatus(postbox.post("/boxes/attic/collect"), 404);
				PostboxClient.assertStatus(postbox.postText("/letters?to=anna", "x"), 404);
				postbox.declare("attic", "bert");
			}
		}
	}

	@Test
	void aServiceThatIsStartedWithoutABrokerIsThereWhenTheBrokerComes() throws Exception {
		try (BrokerUnderTest broker = BrokerUnderTest.stopped();
				LocalService service = LocalService.start(PostboxServiceApplication.application(), broker.address())) {
			PostboxClient postbox = new PostboxClient(service.port());
			assertUnavailable(postbox);

			broker.restart();
			try (Connection connection = broker.connect()) {
				await().atMost(RECOVERY).until(() -> hasQueue(connection, "po_box"));
			}
			postbox.awaitReady();
		}
	}

	private static boolean hasQueue(Connection connection, String queue) throws Exception {
		Channel channel = connection.createChannel();
		try {
			channel.queueDeclarePassive(queue);
			channel.close();
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static void assertUnavailable(PostboxClient postbox) throws Exception {
		for (HttpResponse<String> response : List.of(postbox.get("/boxes"), postbox.get("/boxes/po_box"),
				postbox.putJson("/boxes/attic", PostboxClient.keysJson("anna")), postbox.delete("/boxes/po_box"),
				postbox.postText("/letters?to=jason", "x"), postbox.post("/boxes/po_box/collect"),
				postbox.get("/boxes/po_box/stream"))) {
			PostboxClient.assertStatus(response, 503);
			assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
			assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
			assertThat(response.body()).doesNotContain("Exception", "\tat ");
		}
	}

	private static void assertBusy(HttpResponse<String> response) {
		PostboxClient.assertStatus(response, 503);
		assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
		assertThat(response.body()).contains("urn:warren:problem:busy");
	}

	private static void inParallel(Collection<Task> tasks) {
		// One an instance: more might wait for their turns longer than the service
		// allows.
		ExecutorService executor = Executors.newFixedThreadPool(2);
		try {
			List<CompletableFuture<Void>> all = new ArrayList<>();
			for (Task task : tasks) {
				all.add(CompletableFuture.runAsync(() -> {
					try {
						task.run();
					}
					catch (Exception ex) {
						throw new IllegalStateException(ex);
					}
				}, executor));
			}
			all.forEach(CompletableFuture::join);
		}
		finally {
			executor.shutdown();
		}
	}

	private static BrokerUnderTest brokerWithoutBoxes() throws Exception {
		return BrokerUnderTest.start()
			.withoutQueues("postbox_boxes", PostboxTopology.PO_BOX, "attic", "cellar")
			.withoutExchanges(PostboxTopology.SORTING_ROOM);
	}

	private static LocalService ready(String brokerAddress, String... arguments) {
		LocalService service = LocalService.start(PostboxServiceApplication.application(), brokerAddress, arguments);
		await().atMost(RECOVERY).until(() -> new PostboxClient(service.port()).isReady());
		return service;
	}

	@FunctionalInterface
	private interface Task {

		void run() throws Exception;

	}

}
