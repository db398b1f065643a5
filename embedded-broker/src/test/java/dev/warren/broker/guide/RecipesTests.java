package dev.warren.broker.guide;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.warren.broker.BrokerFaults;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.junit.EmbeddedBrokerTest;
import org.junit.jupiter.api.Test;

import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static dev.warren.broker.assertj.BrokerAssertions.assertThat;
import static dev.warren.broker.assertj.BrokerAssertions.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@EmbeddedBrokerTest
@SpringBootTest(properties = "spring.rabbitmq.publisher-confirm-type=correlated")
class RecipesTests {

	@Test
	void whatCannotBeShippedIsADeadLetter(EmbeddedBroker broker) {
		broker.publish("events", "order.paid.dhl", " ");

		assertThat(broker.queue("dead")).receives(message().withHeader("x-last-death-reason", "rejected"));
		assertThat(broker.queue("shipments")).doesNotReceive(message());
	}

	@Test
	void whatNobodyShipsInTimeIsADeadLetter(EmbeddedBroker broker,
			@Autowired RabbitListenerEndpointRegistry listeners) {
		listeners.stop();
		broker.publish("events", "order.paid.dhl", "3 carrots");

		broker.time().advance(Duration.ofMinutes(30));

		assertThat(broker.queue("dead")).receives(message().withHeader("x-last-death-reason", "expired"));
		listeners.start();
	}

	@Test
	void anOutageIsOutlived(EmbeddedBroker broker) {
		broker.faults().dropConnections();

		broker.publish("events", "order.paid.dhl", "3 carrots");

		assertThat(broker.queue("shipments")).within(Duration.ofSeconds(30)).receives(message());
	}

	@Test
	void anOrderWaitsUntilTheOutageIsOver(EmbeddedBroker broker) {
		try (BrokerFaults.Lasting outage = broker.faults().refuseConnections()) {
			broker.faults().dropConnections();
			broker.publish("events", "order.paid.dhl", "3 carrots");

			assertThat(broker.queue("shipments")).as(outage.toString()).doesNotReceive(message());
		}

		assertThat(broker.queue("shipments")).within(Duration.ofSeconds(30)).receives(message());
	}

	@Test
	void aLostConfirmIsNoConfirm(EmbeddedBroker broker, @Autowired RabbitTemplate template) {
		broker.faults().loseConfirms(1);
		CorrelationData sent = new CorrelationData();

		template.convertAndSend("events", "order.paid.dhl", "3 carrots", sent);

		assertThatExceptionOfType(TimeoutException.class)
			.isThrownBy(() -> sent.getFuture().get(200, TimeUnit.MILLISECONDS));
		assertThat(broker.queue("shipments")).receives(message());
	}

	@Test
	void aRefusedMessageIsNacked(EmbeddedBroker broker, @Autowired RabbitTemplate template) throws Exception {
		broker.faults().nackPublishes(1);
		CorrelationData sent = new CorrelationData();

		template.convertAndSend("events", "order.paid.dhl", "3 carrots", sent);

		assertThat(sent.getFuture().get(10, TimeUnit.SECONDS).ack()).isFalse();
	}

	@Test
	void aSecondDeliveryShipsTwice(EmbeddedBroker broker) {
		broker.faults().deliverTwice("orders");

		broker.publish("events", "order.paid.dhl", "3 carrots");

		assertThat(broker.queue("shipments")).receives(2, message().withText("shipment of 3 carrots"));
	}

	@Test
	void everythingIsRouted(EmbeddedBroker broker, @Autowired RabbitTemplate template) {
		template.convertAndSend("events", "order.paid.dhl", "3 carrots");

		assertThat(broker.queue("orders")).receives(message()).and().isIdle();
		assertThat(broker).routedEverything();
	}

}
