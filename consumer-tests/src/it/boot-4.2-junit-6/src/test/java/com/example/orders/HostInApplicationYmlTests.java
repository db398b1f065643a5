package com.example.orders;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.junit.EmbeddedBrokerTest;
import org.junit.jupiter.api.Test;

import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static dev.warren.broker.assertj.BrokerAssertions.assertThat;
import static dev.warren.broker.assertj.BrokerAssertions.message;
import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest
@EmbeddedBrokerTest
class HostInApplicationYmlTests {

	@Autowired
	RabbitTemplate template;

	@Autowired
	Orders orders;

	@Test
	void theListenerReceives(EmbeddedBroker broker) throws Exception {
		this.template.convertAndSend("orders", "Hello World!");

		assertThat(this.orders.received().poll(10, TimeUnit.SECONDS)).isEqualTo("Hello World!");
		assertThat(this.template.getConnectionFactory().getPort()).isEqualTo(broker.port());
		assertThat(this.template.getConnectionFactory().getVirtualHost()).isEqualTo(broker.virtualHost());
	}

	@Test
	void whatTheListenerReceivedCameToItsQueue(EmbeddedBroker broker) {
		broker.publish("", "orders", "Hello Broker!");

		assertThat(broker.queue("orders")).receives(message().withText("Hello Broker!"))
			.within(Duration.ofSeconds(10))
			.isIdle();
		assertThat(this.orders.received().poll()).isEqualTo("Hello Broker!");
	}

}
