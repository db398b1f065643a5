package dev.warren.postbox;

import java.net.http.HttpResponse;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The service on a {@linkplain TestBroker broker}, through its REST interface and beside
 * other programs.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostboxServiceTests {

	private TestBroker broker;

	private ConfigurableApplicationContext service;

	private PostboxClient postbox;

	@BeforeAll
	void start() throws Exception {
		this.broker = TestBroker.start();
		this.service = Services.start(this.broker.address());
		this.postbox = Services.client(this.service);
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
				this.postbox.delete("/boxes/" + box);
			}
		}
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

}
