package dev.warren.hello.web;

import java.util.Map;
import java.util.Set;

import dev.warren.messaging.message.Headers;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessagePostProcessor;
import org.springframework.amqp.core.MessageProperties;

/**
 * The properties a caller may give a message. The others are the service's own, such as
 * the message id, or the broker's.
 *
 * @param contentType the MIME type of the body, instead of {@code text/plain}
 * @param priority 0 to 255; a queue without priorities ignores it
 * @param expiration how long the message may wait in the queue, in milliseconds
 * @param correlationId what the message answers to
 * @param replyTo where to answer
 * @param type the sender's name for the kind of message
 * @param headers the sender's own
 */
record SendProperties(@Nullable @Size(max = 255) @Pattern(regexp = ASCII, message = ASCII_MESSAGE) String contentType,
		@Nullable @Min(0) @Max(255) Integer priority,
		@Nullable @Pattern(regexp = MILLISECONDS,
				message = "must be a number of milliseconds, of at most nine digits") String expiration,
		@Nullable @Size(max = 255) @Pattern(regexp = ASCII, message = ASCII_MESSAGE) String correlationId,
		@Nullable @Size(max = 255) @Pattern(regexp = REPLY_TO,
				message = "must be printable ASCII, and not 'amq.rabbitmq.reply-to', which is for a consumer of replies") String replyTo,
		@Nullable @Size(max = 255) @Pattern(regexp = ASCII, message = ASCII_MESSAGE) String type,
		@Nullable @Size(max = 100) Map<String, Object> headers) implements MessagePostProcessor {

	static final SendProperties NONE = new SendProperties(null, null, null, null, null, null, null);

	// AMQP's short strings have 255 bytes, whatever they are bytes of.
	private static final String ASCII = "[\\x20-\\x7e]*";

	// On these RabbitMQ would close the channel, and with it fail other callers'
	// messages:
	// an expiration of more than 32 bits, a direct reply-to on a channel that does not
	// consume from it, and CC and BCC that are not lists.
	private static final String MILLISECONDS = "[0-9]{1,9}";

	private static final String REPLY_TO = "(?!amq\\.rabbitmq\\.reply-to$)[\\x20-\\x7e]*";

	private static final Set<String> ROUTING_HEADERS = Set.of("CC", "BCC");

	private static final String ASCII_MESSAGE = "must be printable ASCII";

	@Override
	public Message postProcessMessage(Message sent) {
		MessageProperties message = sent.getMessageProperties();
		if (this.contentType != null) {
			message.setContentType(this.contentType);
		}
		if (this.priority != null) {
			message.setPriority(this.priority);
		}
		if (this.expiration != null) {
			message.setExpiration(this.expiration);
		}
		if (this.correlationId != null) {
			message.setCorrelationId(this.correlationId);
		}
		if (this.replyTo != null) {
			message.setReplyTo(this.replyTo);
		}
		if (this.type != null) {
			message.setType(this.type);
		}
		if (this.headers != null) {
			String fault = Headers.faultIn(this.headers);
			if (this.headers.keySet().stream().anyMatch(ROUTING_HEADERS::contains)) {
				fault = "headers 'CC' and 'BCC' would route the message elsewhere";
			}
			if (fault != null) {
				throw new ProblemException(ProblemType.INVALID_VALUE, fault, "properties.headers");
			}
			this.headers.forEach(message::setHeader);
		}
		return sent;
	}

}
