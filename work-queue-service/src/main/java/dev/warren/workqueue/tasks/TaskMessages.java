package dev.warren.workqueue.tasks;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;

import dev.warren.messaging.message.Text;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.retry.RepublishMessageRecoverer;

/**
 * Tasks in messages, of which only the body is certain: anybody may have sent them.
 */
final class TaskMessages {

	/**
	 * The header that tells how many times a dead letter was tried.
	 */
	static final String ATTEMPTS = "x-attempts";

	// How often a quorum queue has delivered a message before: until RabbitMQ 4.2, and
	// with those that were not counted towards its limit since 4.3.
	private static final String[] DELIVERIES = { "x-delivery-count", "x-acquired-count" };

	private TaskMessages() {
	}

	/**
	 * The task that was delivered. A message without an id gets one.
	 */
	static Task task(Message message) {
		MessageProperties properties = message.getMessageProperties();
		String id = properties.getMessageId();
		if (id == null || id.isEmpty()) {
			id = UUID.randomUUID().toString();
			properties.setMessageId(id);
		}
		Date timestamp = properties.getTimestamp();
		byte[] body = message.getBody();
		return Task.submitted(id, new String(body, 0, Math.min(body.length, Text.MAX_SIZE), StandardCharsets.UTF_8),
				(timestamp != null) ? timestamp.toInstant() : Instant.now());
	}

	/**
	 * The dead letter that was delivered.
	 */
	static Task deadLetter(Message message) {
		MessageProperties properties = message.getMessageProperties();
		Object error = properties.getHeader(RepublishMessageRecoverer.X_EXCEPTION_MESSAGE);
		return task(message).dead(number(properties, ATTEMPTS), (error != null) ? error.toString() : null, null);
	}

	/**
	 * How often the broker has delivered it before, as far as it counts.
	 */
	static int deliveries(Message message) {
		int deliveries = 0;
		for (String header : DELIVERIES) {
			deliveries = Math.max(deliveries, number(message.getMessageProperties(), header));
		}
		return deliveries;
	}

	private static int number(MessageProperties properties, String header) {
		@Nullable Object value = properties.getHeader(header);
		return (value instanceof Number number) ? (int) Math.max(0, Math.min(number.longValue(), Integer.MAX_VALUE))
				: 0;
	}

	/**
	 * A dead letter as it was before it failed.
	 */
	static Message untried(Message letter) {
		MessageProperties properties = letter.getMessageProperties();
		properties.getHeaders().keySet().removeIf((name) -> name.startsWith("x-"));
		properties.setDeliveryMode(MessageDeliveryMode.PERSISTENT);
		return letter;
	}

}
