package dev.warren.messaging.message;

import java.util.Date;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.core.MessageProperties;

/**
 * The properties a message came with: those of AMQP&nbsp;0-9-1's fourteen ({@code basic}
 * class) that its sender set.
 *
 * @param contentType the MIME type of the body
 * @param contentEncoding the encoding of the body
 * @param headers the sender's own
 * @param deliveryMode 1 transient, 2 persistent
 * @param priority 0 to 255
 * @param correlationId what the message answers to
 * @param replyTo where to answer
 * @param expiration time to live, milliseconds as a decimal number
 * @param messageId the sender's name for the message
 * @param timestamp when it was sent, seconds since 1970
 * @param type the sender's name for its kind
 * @param userId the user that sent it, checked by the broker
 * @param appId the application that sent it
 * @param clusterId reserved
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record BasicProperties(@Nullable String contentType, @Nullable String contentEncoding,
		@Nullable Map<String, @Nullable Object> headers, @Nullable Integer deliveryMode, @Nullable Integer priority,
		@Nullable String correlationId, @Nullable String replyTo, @Nullable String expiration,
		@Nullable String messageId, @Nullable Long timestamp, @Nullable String type, @Nullable String userId,
		@Nullable String appId, @Nullable String clusterId) {

	/**
	 * The properties of a received message. Spring gives a message that came without a
	 * content type {@code application/octet-stream} and one without a priority 0, which
	 * mean the same as none and are left out.
	 */
	static BasicProperties of(MessageProperties properties) {
		MessageDeliveryMode deliveryMode = properties.getReceivedDeliveryMode();
		Date timestamp = properties.getTimestamp();
		String contentType = properties.getContentType();
		Integer priority = properties.getPriority();
		return new BasicProperties(MessageProperties.DEFAULT_CONTENT_TYPE.equals(contentType) ? null : contentType,
				properties.getContentEncoding(), Headers.readable(properties.getHeaders()),
				(deliveryMode != null) ? MessageDeliveryMode.toInt(deliveryMode) : null,
				MessageProperties.DEFAULT_PRIORITY.equals(priority) ? null : priority, properties.getCorrelationId(),
				properties.getReplyTo(), properties.getExpiration(), properties.getMessageId(),
				(timestamp != null) ? timestamp.toInstant().getEpochSecond() : null, properties.getType(),
				properties.getReceivedUserId(), properties.getAppId(), properties.getClusterId());
	}

	/**
	 * Roughly what the headers take in memory, in bytes.
	 */
	int memorySize() {
		return (this.headers != null) ? 4 * Headers.sizeOf(this.headers) : 0;
	}

}
