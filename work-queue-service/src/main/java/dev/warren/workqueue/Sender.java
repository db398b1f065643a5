package dev.warren.workqueue;

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
 * Sends tasks, the tutorial's {@code NewTask}: persistent, and reported only when the
 * broker has them.
 */
@Component
public class Sender {

	private final RabbitTemplate template;

	private final MessageLog log;

	Sender(RabbitTemplate template, MessageLog log) {
		this.template = template;
		this.log = log;
	}

	/**
	 * Sends a task to the queue {@link WorkTopology#QUEUE}, through the default exchange.
	 * @param id its id
	 * @param text what is to be done
	 * @return completes once the broker has the task in the queue, exceptionally if it
	 * did not take it
	 */
	public CompletableFuture<Confirmation> send(String id, String text) {
		CorrelationData correlation = new CorrelationData();
		this.template.send("", WorkTopology.QUEUE, task(id, text), correlation);
		return Confirmation.of(correlation).thenApply((confirmation) -> {
			confirmation.requireRouted();
			this.log.line("Sent '{}'", text);
			return confirmation;
		});
	}

	/**
	 * A task as it travels: its text is the body, as in the tutorials, and it survives a
	 * restart of the broker.
	 * @param id its id
	 * @param text what is to be done
	 * @return the message
	 */
	public static Message task(String id, String text) {
		return MessageBuilder.withBody(text.getBytes(StandardCharsets.UTF_8))
			.setMessageId(id)
			.setContentType(MessageProperties.CONTENT_TYPE_TEXT_PLAIN)
			.setContentEncoding(StandardCharsets.UTF_8.name())
			.setTimestamp(new Date())
			.setAppId("work-queue-service")
			.setDeliveryMode(MessageDeliveryMode.PERSISTENT)
			.build();
	}

}
