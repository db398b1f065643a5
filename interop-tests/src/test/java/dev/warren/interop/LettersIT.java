package dev.warren.interop;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(SuiteUnderTest.class)
class LettersIT {

	private final Suite suite;

	private final Service postbox;

	LettersIT(Suite suite) {
		this.suite = suite;
		this.postbox = suite.service("postbox-service");
	}

	@Row(tutorial = Tutorial.RABBITS_AND_WARRENS, direction = Direction.TO_SERVICE)
	void theServiceCollectsTheLettersOfTheClient(Client client) throws Exception {
		this.suite.run(client, "letter_producer", "Dear service, from " + client, "Yours");

		assertThat(collect()).isEqualTo("Dear service, from " + client);
		assertThat(collect()).isEqualTo("Yours");
		assertThat(this.postbox.post("/boxes/po_box/collect", "")).isEmpty();
	}

	@Row(tutorial = Tutorial.RABBITS_AND_WARRENS, direction = Direction.TO_CLIENT)
	void theClientCollectsTheLettersOfTheService(Client client) throws Exception {
		for (String letter : new String[] { "Dear " + client, "Yours", "PS" }) {
			this.postbox.postText("/letters?to=jason", letter);
		}

		this.suite.run(client, "letter_consumer", "Dear " + client, "Yours", "PS");

		assertThat(this.postbox.<Integer>get("/boxes/po_box", "$.messages")).isZero();
	}

	@Row(tutorial = Tutorial.RABBITS_AND_WARRENS, direction = Direction.CLIENT_ALONE,
			clients = { Client.PIKA, Client.PY_AMQP, Client.PY_AMQPLIB, Client.NODE })
	void theClientCollectsItsOwnLetters(Client client) throws Exception {
		this.suite.run(client, "letter_producer", "Dear " + client, "Yours", "PS");

		this.suite.run(client, "letter_consumer", "Dear " + client, "Yours", "PS");
	}

	/**
	 * Collects and acknowledges the next letter.
	 * @return its text
	 */
	private String collect() throws Exception {
		// A producer without confirms may have left before its letter is in the box.
		await().until(() -> this.postbox.<Integer>get("/boxes/po_box", "$.messages") > 0);
		String letter = this.postbox.post("/boxes/po_box/collect", "");
		this.postbox.post("/deliveries/%s/ack".formatted(JsonPath.<String>read(letter, "$.handle")), "");
		return JsonPath.read(letter, "$.text");
	}

}
