package dev.warren.broker.guide;

import org.springframework.amqp.AmqpRejectAndDontRequeueException;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.core.TopicExchange;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.handler.annotation.SendTo;

@SpringBootApplication
class Shop {

	@Bean
	TopicExchange events() {
		return new TopicExchange("events");
	}

	@Bean
	Queue orders() {
		return QueueBuilder.durable("orders")
			.ttl(1_800_000)
			.deadLetterExchange("")
			.deadLetterRoutingKey("dead")
			.build();
	}

	@Bean
	Binding ordersThatArePaid(Queue orders, TopicExchange events) {
		return BindingBuilder.bind(orders).to(events).with("order.paid.*");
	}

	@Bean
	Queue dead() {
		return new Queue("dead");
	}

	@Bean
	Queue shipments() {
		return new Queue("shipments");
	}

	@RabbitListener(id = "shipping", queues = "orders")
	@SendTo("shipments")
	String ship(String order) {
		if (order.isBlank()) {
			throw new AmqpRejectAndDontRequeueException("There is nothing to ship");
		}
		return "shipment of " + order;
	}

}
