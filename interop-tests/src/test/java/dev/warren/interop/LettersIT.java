package dev.warren.interop;

import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SuiteUnderTest.class)
class LettersIT {

	private final Suite suite;

	LettersIT(Suite suite) {
		this.suite = suite;
	}

	@Row(tutorial = Tutorial.RABBITS_AND_WARRENS, direction = Direction.CLIENT_ALONE,
			clients = { Client.PIKA, Client.PY_AMQP, Client.PY_AMQPLIB, Client.NODE })
	void theClientCollectsItsOwnLetters(Client client) throws Exception {
		this.suite.run(client, "letter_producer", "Dear " + client, "Yours", "PS");

		this.suite.run(client, "letter_consumer", "Dear " + client, "Yours", "PS");
	}

}
