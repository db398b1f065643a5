package dev.warren.postbox;

import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.concurrent.CompletableFuture;

import dev.warren.messaging.log.MessageLog;
import dev.warren.messaging.publish.Confirmation;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.stereotype.Component;

/**
 * Sends letters, the tutorial's producer: persistent, and reported only when the broker
 * has put them into a box.
 */
@Component
public class Postman {

	// Mandatory, so that a letter no box takes is returned, with correlated confirms.
	private final RabbitTemplate template;

	private final MessageLog log;

	Postman(RabbitTemplate template, MessageLog log) {
		this.template = template;
		this.log = log;
	}

	/**
	 * Sends a letter to the exchange {@link PostboxTopology#SORTING_ROOM}.
	 * @param id its id
	 * @param to the key of the boxes it is for
	 * @param text what it says
	 * @return completes once the broker has the letter in a box, exceptionally if no box
	 * has the key or the broker did not take it
	 */
	public CompletableFuture<Confirmation> send(String id, String to, String text) {
		Message letter = MessageBuilder.withBody(text.getBytes(StandardCharsets.UTF_8))
			.setMessageId(id)
			.setContentType(MessageProperties.CONTENT_TYPE_TEXT_PLAIN)
			.setContentEncoding(StandardCharsets.UTF_8.name())
			.setTimestamp(new Date())
			.setAppId("postbox-service")
			.setDeliveryMode(MessageDeliveryMode.PERSISTENT)
			.build();
		CorrelationData correlation = new CorrelationData();
		this.template.send(PostboxTopology.SORTING_ROOM, to, letter, correlation);
		return Confirmation.of(correlation).thenApply((confirmation) -> {
			confirmation.requireRouted();
			this.log.line("Sent '{}' to '{}'", text, to);
			return confirmation;
		});
	}

}
