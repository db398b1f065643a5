package dev.warren.logs;

import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.warren.messaging.log.MessageLog;
import dev.warren.messaging.publish.Confirmation;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.stereotype.Component;

/**
 * Sends logs to the exchanges, the tutorials' {@code EmitLog}, {@code EmitLogDirect} and
 * {@code EmitLogTopic}. That nobody is subscribed is no failure: the exchange drops the
 * log, and the confirmation says so.
 */
@Component
public class LogEmitter {

	private final RabbitTemplate template;

	private final MessageLog log;

	LogEmitter(RabbitTemplate template, MessageLog log) {
		this.template = template;
		this.log = log;
	}

	/**
	 * Sends a log.
	 * @param exchange where to, one of {@link LogsTopology}'s
	 * @param routingKey its routing key, which fanout and headers exchanges ignore
	 * @param headers its headers, which only headers exchanges look at
	 * @param id its id
	 * @param text its text
	 * @return completes once the broker has confirmed it, with whether any queue got it
	 */
	public CompletableFuture<Confirmation> emit(String exchange, String routingKey,
			Map<String, ? extends @Nullable Object> headers, String id, String text) {
		CorrelationData correlation = new CorrelationData();
		this.template.send(exchange, routingKey, message(headers, id, text), correlation);
		return Confirmation.of(correlation).thenApply((confirmation) -> {
			this.log.line("Sent '{}':'{}'", routingKey, text);
			return confirmation;
		});
	}

	// As the tutorials send it: the text is the body. Not persistent, since no queue of a
	// receiver outlives the broker.
	private static Message message(Map<String, ? extends @Nullable Object> headers, String id, String text) {
		Message message = MessageBuilder.withBody(text.getBytes(StandardCharsets.UTF_8))
			.setMessageId(id)
			.setContentType(MessageProperties.CONTENT_TYPE_TEXT_PLAIN)
			.setContentEncoding(StandardCharsets.UTF_8.name())
			.setTimestamp(new Date())
			.setAppId("logs-service")
			.setDeliveryMode(MessageDeliveryMode.NON_PERSISTENT)
			.build();
		headers.forEach(message.getMessageProperties()::setHeader);
		return message;
	}

}
