package dev.warren.postbox.deliveries;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.warren.messaging.message.BasicProperties;
import dev.warren.messaging.message.ReceivedMessage;
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
public record Letter(@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String handle, @Nullable String id,
		String text, int size, String box, @Nullable String key, boolean redelivered, Instant receivedAt,
		@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant expiresAt, BasicProperties properties) {

	static Letter of(Message message, String box, @Nullable String handle, @Nullable Instant expiresAt) {
		ReceivedMessage received = ReceivedMessage.of(message, box);
		return new Letter(handle, received.id(), received.text(), received.size(), box,
				message.getMessageProperties().getReceivedRoutingKey(), received.redelivered(), received.receivedAt(),
				expiresAt, received.properties());
	}

}
