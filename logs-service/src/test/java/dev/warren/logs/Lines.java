package dev.warren.logs;

import java.nio.charset.StandardCharsets;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageProperties;

/**
 * Lines as if received.
 */
final class Lines {

	private Lines() {
	}

	static LogLine line(String routingKey, String message) {
		return LogLine.of(new Message(message.getBytes(StandardCharsets.UTF_8), new MessageProperties()), routingKey,
				"test");
	}

}
