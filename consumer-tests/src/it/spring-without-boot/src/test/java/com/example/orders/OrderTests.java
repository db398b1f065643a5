package com.example.orders;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.junit.EmbeddedBrokerTest;
import org.junit.jupiter.api.Test;

import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.annotation.EnableRabbit;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.config.SimpleRabbitListenerContainerFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import static org.junit.jupiter.api.Assertions.assertEquals;

@SpringJUnitConfig
@EmbeddedBrokerTest
class OrderTests {

	@Autowired
	RabbitTemplate template;

	@Autowired
	Orders orders;

	@Test
	void theListenerReceives() throws Exception {
		this.template.convertAndSend("orders", "1 carrot");

		assertEquals("1 carrot", this.orders.received.poll(10, TimeUnit.SECONDS));
	}

	static class Orders {

		private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

		@RabbitListener(queues = "orders")
		void receive(String order) {
			this.received.add(order);
		}

	}

	@Configuration
	@EnableRabbit
	static class Config {

		@Bean
		ConnectionFactory connectionFactory(EmbeddedBroker broker) {
			CachingConnectionFactory connectionFactory = new CachingConnectionFactory();
			connectionFactory.setUri(broker.uri());
			return connectionFactory;
		}

		@Bean
		RabbitTemplate template(ConnectionFactory connectionFactory) {
			return new RabbitTemplate(connectionFactory);
		}

		@Bean
		RabbitAdmin admin(RabbitTemplate template) {
			return new RabbitAdmin(template);
		}

		@Bean
		SimpleRabbitListenerContainerFactory rabbitListenerContainerFactory(ConnectionFactory connectionFactory) {
			SimpleRabbitListenerContainerFactory factory = new SimpleRabbitListenerContainerFactory();
			factory.setConnectionFactory(connectionFactory);
			return factory;
		}

		@Bean
		Queue ordersQueue() {
			return new Queue("orders");
		}

		@Bean
		Orders orders() {
			return new Orders();
		}

	}

}
