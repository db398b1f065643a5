package dev.warren.messaging.message;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.core.Message;

/**
 * A message as a receiver got it.
 *
 * @param id its message id, if its sender gave it one
 * @param text its body, as UTF-8, cut off after 64 KiB; bytes that are not UTF-8 show as
 * U+FFFD
 * @param size the size of its body, in bytes
 * @param receiver who got it
 * @param redelivered whether it had been delivered before
 * @param receivedAt when it was received
 * @param properties the properties it came with
 */
public record ReceivedMessage(@Nullable String id, String text, int size, String receiver, boolean redelivered,
		Instant receivedAt, BasicProperties properties) {

	private static final int MAX_TEXT_SIZE = 64 * 1024;

	/**
	 * What a receiver got, just now.
	 * @param message the message
	 * @param receiver the receiver
	 * @return the message as it is shown
	 */
	public static ReceivedMessage of(Message message, String receiver) {
		byte[] body = message.getBody();
		String text = new String(body, 0, Math.min(body.length, MAX_TEXT_SIZE), StandardCharsets.UTF_8);
		return new ReceivedMessage(message.getMessageProperties().getMessageId(), text, body.length, receiver,
				Boolean.TRUE.equals(message.getMessageProperties().getRedelivered()), Instant.now(),
				BasicProperties.of(message.getMessageProperties()));
	}

	/**
	 * How long ago it was received.
	 * @return the age, in seconds
	 */
	@JsonProperty
	@Schema(description = "seconds since it was received")
	public double age() {
		return Duration.between(this.receivedAt, Instant.now()).toMillis() / 1000.0;
	}

	/**
	 * Roughly what it takes in memory.
	 * @return the size, in bytes
	 */
	public int memorySize() {
		return 512 + 2 * this.text.length() + this.properties.memorySize();
	}

}
