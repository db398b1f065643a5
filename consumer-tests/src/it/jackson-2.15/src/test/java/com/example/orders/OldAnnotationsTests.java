package com.example.orders;

import dev.warren.broker.BrokerStartException;
import dev.warren.broker.EmbeddedBroker;
import org.junit.jupiter.api.RepeatedTest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** The project {@code testng} does as it is told here. */
class OldAnnotationsTests {

	@RepeatedTest(2)
	void theBrokerSaysWhatItNeeds() {
		EmbeddedBroker.Builder builder = EmbeddedBroker.builder();

		BrokerStartException failure = assertThrows(BrokerStartException.class, builder::start);

		assertEquals("The jackson-annotations on the class path are older than 2.19, which Qpid needs. Depend on "
				+ "com.fasterxml.jackson.core:jackson-annotations:2.20, with scope test: any Jackson 2 works with it.",
				failure.getMessage());
	}

}
