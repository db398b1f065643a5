package dev.warren.broker.guide;

import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.junit.EmbeddedBrokerTest;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;

import static dev.warren.broker.assertj.BrokerAssertions.assertThat;
import static dev.warren.broker.assertj.BrokerAssertions.message;

@EmbeddedBrokerTest
@SpringBootTest
class ShopTests {

	@Test
	void aPaidOrderIsShipped(EmbeddedBroker broker) {
		broker.publish("events", "order.paid.dhl", "3 carrots");

		assertThat(broker.queue("shipments")).receives(message().withText("shipment of 3 carrots"));
	}

}
