package com.example.orders;

import dev.warren.broker.junit.EmbeddedBrokerTest;
import org.junit.jupiter.api.Test;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.cloud.stream.function.StreamBridge;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest
@EmbeddedBrokerTest
class ShippingTests {

	@Autowired
	StreamBridge bridge;

	@Autowired
	RabbitTemplate template;

	@Test
	void anOrderIsShipped() {
		this.bridge.send("orders", "carrots");

		Message shipment = this.template.receive("shipments.carrier", 10_000);
		assertThat(shipment).isNotNull();
		assertThat(shipment.getBody()).asString().isEqualTo("Shipped: carrots");
	}

}
