package dev.warren.hello;

import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.concurrent.CompletableFuture;

import dev.warren.messaging.log.MessageLog;
import dev.warren.messaging.publish.Confirmation;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.core.MessagePostProcessor;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.stereotype.Component;

/**
 * Sends a text to the queue {@code hello}, the tutorial's {@code Send}, and reports it
 * only when the broker has it.
 */
@Component
public class Sender {

	private static final String DEFAULT_EXCHANGE = "";

	private final RabbitTemplate template;

	private final Queue hello;

	private final MessageLog log;

	Sender(RabbitTemplate template, Queue hello, MessageLog log) {
		this.template = template;
		this.hello = hello;
		this.log = log;
	}

	/**
	 * Sends a text through the default exchange, which routes it to the queue that has
	 * the name of the routing key.
	 * @param id the message's id
	 * @param text its body
	 * @param properties sets more of its properties
	 * @return completes once the broker has the message in the queue, exceptionally if it
	 * did not take it
	 */
	public CompletableFuture<Confirmation> send(String id, String text, MessagePostProcessor properties) {
		CorrelationData correlation = new CorrelationData();
		Message message = properties.postProcessMessage(message(id, text));
		this.template.send(DEFAULT_EXCHANGE, HelloTopology.QUEUE, message, correlation);
		return Confirmation.of(correlation).thenApply((confirmation) -> {
			confirmation.requireRouted();
			this.log.line("Sent '{}'", text);
			return confirmation;
		});
	}

	private Message message(String id, String text) {
		return MessageBuilder.withBody(text.getBytes(StandardCharsets.UTF_8))
			.setMessageId(id)
			.setContentType(MessageProperties.CONTENT_TYPE_TEXT_PLAIN)
			.setContentEncoding(StandardCharsets.UTF_8.name())
			.setTimestamp(new Date())
			.setAppId("hello-service")
			// A message outlives the broker only if its queue does.
			.setDeliveryMode(
					this.hello.isDurable() ? MessageDeliveryMode.PERSISTENT : MessageDeliveryMode.NON_PERSISTENT)
			.build();
	}

}
