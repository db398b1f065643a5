package dev.warren.postbox;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Envelope;
import dev.warren.messaging.message.BasicProperties;
import dev.warren.messaging.message.ReceivedMessage;
import dev.warren.messaging.message.StrangersPropertiesConverter;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.core.Message;

/**
 * A letter that was taken out of a box.
 *
 * @param handle by which it is settled, if it has yet to be
 * @param id its message id, if its sender gave it one
 * @param text its body, as UTF-8, cut off after 64 KiB; bytes that are not UTF-8 show as
 * U+FFFD
 * @param size the size of its body, in bytes
 * @param box the box
 * @param key the routing key it was sent with
 * @param redelivered whether it had been taken out before, and went back
 * @param receivedAt when it was taken out
 * @param expiresAt when it goes back, unless it is settled before
 * @param properties the properties it came with
 */
record Letter(@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String handle, @Nullable String id, String text,
		int size, String box, String key, boolean redelivered, Instant receivedAt,
		@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant expiresAt, BasicProperties properties) {

	private static final StrangersPropertiesConverter CONVERTER = new StrangersPropertiesConverter();

	static Letter of(String box, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
		ReceivedMessage message = ReceivedMessage
			.of(new Message(body, CONVERTER.toMessageProperties(properties, envelope, "UTF-8")), box);
		return new Letter(null, message.id(), message.text(), message.size(), box, envelope.getRoutingKey(),
				envelope.isRedeliver(), message.receivedAt(), null, message.properties());
	}

	Letter withHandle(String handle, Instant expiresAt) {
		return new Letter(handle, this.id, this.text, this.size, this.box, this.key, this.redelivered, this.receivedAt,
				expiresAt, this.properties);
	}

}
