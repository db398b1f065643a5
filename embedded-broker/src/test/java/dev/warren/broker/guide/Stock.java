package dev.warren.broker.guide;

import java.util.HashSet;
import java.util.Set;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.annotation.Queue;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.stereotype.Component;

@Component
class Stock {

	private final Set<String> seen = new HashSet<>();

	private int left = 10;

	@RabbitListener(queuesToDeclare = @Queue("sold"))
	synchronized void sell(Message message) {
		if (this.seen.add(message.getMessageProperties().getMessageId())) {
			this.left--;
		}
	}

	synchronized int left() {
		return this.left;
	}

}
