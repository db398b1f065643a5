package dev.warren.workqueue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Set;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.LongString;
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
 * @param queue the queue it came from
 * @param envelope how it was delivered
 * @param properties the message's properties, anybody's
 * @param body the message's body
 */
record TaskMessage(Task task, String queue, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {

	static final String ATTEMPTS = "x-attempts";

	static final String REDELIVERIES = "x-redeliveries";

	static final String REPLAYS = "x-replays";

	static final String ERROR = "x-error";

	static final String DIED_AT = "x-died-at";

	// The quorum queue's count of how often it delivered the message before.
	private static final String DELIVERIES = "x-delivery-count";

	private static final String TRACE_CONTEXT = "traceparent";

	// What a stranger may have set and a copy must not have: CC and BCC would route it to
	// other queues, too, and the others are the broker's or this service's own.
	private static final Set<String> NOT_COPIED = Set.of("CC", "BCC", "x-death", "x-first-death-exchange",
			"x-first-death-queue", "x-first-death-reason", "x-last-death-exchange", "x-last-death-queue",
			"x-last-death-reason", DELIVERIES, ATTEMPTS, REDELIVERIES, REPLAYS, ERROR, DIED_AT);

	private static final int MAX_ERROR_LENGTH = 1000;

	private static final IdGenerator ids = new AlternativeJdkIdGenerator();

	private static final MessagePropertiesConverter converter = new StrangersPropertiesConverter();

	/**
	 * Reads a message from a queue.
	 * @param queue the queue; in {@link WorkTopology#TASKS} no task has attempts behind
	 * it, whatever a stranger's headers say
	 */
	static TaskMessage of(String queue, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
		boolean counted = !WorkTopology.TASKS.equals(queue);
		String id = properties.getMessageId();
		Date timestamp = properties.getTimestamp();
		long diedAt = number(properties, DIED_AT);
		Task task = new Task((id != null && !id.isEmpty()) ? id : ids.generateId().toString(), text(body),
				WorkTopology.DEAD_LETTERS.equals(queue) ? TaskState.DEAD : TaskState.QUEUED, null, null,
				counted ? count(properties, ATTEMPTS) : 0, count(properties, REDELIVERIES), count(properties, REPLAYS),
				error(properties), (timestamp != null) ? timestamp.toInstant() : Instant.now(), null,
				(diedAt > 0) ? Instant.ofEpochMilli(diedAt) : null);
		return new TaskMessage(task, queue, envelope, properties, body);
	}

	private static String text(byte[] body) {
		return new String(body, 0, Math.min(body.length, Text.MAX_SIZE), StandardCharsets.UTF_8);
	}

	private static int count(AMQP.BasicProperties properties, String header) {
		return (int) Math.max(0, Math.min(number(properties, header), 1_000_000));
	}

	private static long number(AMQP.BasicProperties properties, String header) {
		return (header(properties, header) instanceof Number number) ? number.longValue() : 0;
	}

	private static @Nullable String error(AMQP.BasicProperties properties) {
		if (!(header(properties, ERROR) instanceof LongString error) || error.length() == 0) {
			return null;
		}
		byte[] bytes = error.getBytes();
		return shortened(new String(bytes, 0, Math.min(bytes.length, 4 * MAX_ERROR_LENGTH), StandardCharsets.UTF_8));
	}

	private static String shortened(String error) {
		return error.substring(0, Math.min(error.length(), MAX_ERROR_LENGTH));
	}

	private static @Nullable Object header(AMQP.BasicProperties properties, String name) {
		Map<String, Object> headers = properties.getHeaders();
		return (headers != null) ? headers.get(name) : null;
	}

	boolean isRedelivered() {
		return this.envelope.isRedeliver();
	}

	/**
	 * How often a quorum queue has delivered it before; 0 in other queues.
	 */
	int deliveries() {
		return count(this.properties, DELIVERIES);
	}

	/**
	 * The trace it belongs to, and its place there.
	 */
	@Nullable String traceContext() {
		Object traceContext = header(this.properties, TRACE_CONTEXT);
		return (traceContext != null) ? traceContext.toString() : null;
	}

	/**
	 * The message as it came.
	 */
	Message received() {
		MessageProperties received = converter.toMessageProperties(this.properties, this.envelope,
				StandardCharsets.UTF_8.name());
		received.setConsumerQueue(this.queue);
		return new Message(this.body, received);
	}

	/**
	 * The message with another history, on its way to a queue.
	 */
	Message copy(Task changed) {
		MessageProperties original = received().getMessageProperties();
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
		return new Message(this.body, copy);
	}

	private static Map<String, Object> history(Task task) {
		Instant diedAt = task.finishedAt();
		return Map.of(ATTEMPTS, task.attempts(), REDELIVERIES, task.redeliveries(), REPLAYS, task.replays(), ERROR,
				(task.error() != null) ? shortened(task.error()) : "", DIED_AT,
				(diedAt != null) ? diedAt.toEpochMilli() : 0);
	}

}
