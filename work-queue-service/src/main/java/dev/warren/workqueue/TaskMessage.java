package dev.warren.workqueue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Set;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Envelope;
import dev.warren.messaging.message.StrangersPropertiesConverter;
import dev.warren.messaging.message.Text;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.support.MessagePropertiesConverter;
import org.springframework.util.AlternativeJdkIdGenerator;
import org.springframework.util.IdGenerator;

/**
 * A task as it travels: the text is the body, as in the tutorials, and what else is to be
 * known of it is in headers, so that it survives every worker, every instance of the
 * service and, with the message, the broker.
 *
 * @param task the task
 * @param message the message
 */
record TaskMessage(Task task, Message message) {

	static final String ATTEMPTS = "x-attempts";

	static final String REDELIVERIES = "x-redeliveries";

	static final String REPLAYS = "x-replays";

	static final String ERROR = "x-error";

	static final String DIED_AT = "x-died-at";

	// What a stranger may have set and a copy must not have: CC and BCC would route it to
	// other queues, too, and the others are the broker's or this service's own.
	private static final Set<String> NOT_COPIED = Set.of("CC", "BCC", "x-death", "x-first-death-exchange",
			"x-first-death-queue", "x-first-death-reason", "x-last-death-exchange", "x-last-death-queue",
			"x-last-death-reason", "x-delivery-count", ATTEMPTS, REDELIVERIES, REPLAYS, ERROR, DIED_AT);

	private static final int MAX_ERROR_LENGTH = 1000;

	private static final IdGenerator ids = new AlternativeJdkIdGenerator();

	private static final MessagePropertiesConverter converter = new StrangersPropertiesConverter();

	/**
	 * Reads a message from a queue.
	 * @param queue the queue; in {@link WorkTopology#TASKS} no task has attempts behind
	 * it, whatever a stranger's headers say
	 */
	static TaskMessage of(String queue, Envelope envelope, AMQP.BasicProperties basicProperties, byte[] body) {
		MessageProperties properties = converter.toMessageProperties(basicProperties, envelope,
				StandardCharsets.UTF_8.name());
		properties.setConsumerQueue(queue);
		boolean counted = !WorkTopology.TASKS.equals(queue);
		String id = properties.getMessageId();
		Date timestamp = properties.getTimestamp();
		long diedAt = number(properties, DIED_AT);
		Task task = new Task((id != null && !id.isEmpty()) ? id : ids.generateId().toString(), text(body),
				WorkTopology.DEAD_LETTERS.equals(queue) ? TaskState.DEAD : TaskState.QUEUED, null, null,
				counted ? count(properties, ATTEMPTS) : 0, count(properties, REDELIVERIES), count(properties, REPLAYS),
				error(properties), (timestamp != null) ? timestamp.toInstant() : Instant.now(), null,
				(diedAt > 0) ? Instant.ofEpochMilli(diedAt) : null);
		return new TaskMessage(task, new Message(body, properties));
	}

	private static String text(byte[] body) {
		return new String(body, 0, Math.min(body.length, Text.MAX_SIZE), StandardCharsets.UTF_8);
	}

	private static int count(MessageProperties properties, String header) {
		return (int) Math.max(0, Math.min(number(properties, header), 1_000_000));
	}

	private static long number(MessageProperties properties, String header) {
		return (properties.getHeader(header) instanceof Number number) ? number.longValue() : 0;
	}

	private static @Nullable String error(MessageProperties properties) {
		return (properties.getHeader(ERROR) instanceof String error && !error.isEmpty()) ? error : null;
	}

	boolean isRedelivered() {
		return Boolean.TRUE.equals(this.message.getMessageProperties().getRedelivered());
	}

	/**
	 * The same task with another history, on its way to a queue.
	 */
	TaskMessage with(Task changed) {
		MessageProperties original = this.message.getMessageProperties();
		MessageProperties copy = new MessageProperties();
		copy.setMessageId(changed.id());
		copy.setContentType(original.getContentType());
		copy.setContentEncoding(original.getContentEncoding());
		copy.setTimestamp(Date.from(changed.submittedAt()));
		copy.setAppId(original.getAppId());
		copy.setType(original.getType());
		copy.setCorrelationId(original.getCorrelationId());
		copy.setDeliveryMode(MessageDeliveryMode.PERSISTENT);
		original.getHeaders().forEach((name, value) -> {
			if (!NOT_COPIED.contains(name)) {
				copy.setHeader(name, value);
			}
		});
		history(changed).forEach(copy::setHeader);
		return new TaskMessage(changed, new Message(this.message.getBody(), copy));
	}

	private static Map<String, Object> history(Task task) {
		String error = (task.error() != null) ? task.error() : "";
		Instant diedAt = task.finishedAt();
		return Map.of(ATTEMPTS, task.attempts(), REDELIVERIES, task.redeliveries(), REPLAYS, task.replays(), ERROR,
				error.substring(0, Math.min(error.length(), MAX_ERROR_LENGTH)), DIED_AT,
				(diedAt != null) ? diedAt.toEpochMilli() : 0);
	}

}
