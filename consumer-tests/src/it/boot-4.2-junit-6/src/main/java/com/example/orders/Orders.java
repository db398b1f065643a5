package com.example.orders;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.stereotype.Component;

@Component
class Orders {

	private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

	@RabbitListener(queues = "orders")
	void receive(String order) {
		this.received.add(order);
	}

	BlockingQueue<String> received() {
		return this.received;
	}

}
