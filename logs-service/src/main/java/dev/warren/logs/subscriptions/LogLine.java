package dev.warren.logs.subscriptions;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.warren.messaging.message.BasicProperties;
import dev.warren.messaging.message.ReceivedMessage;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.core.Message;

/**
 * A log line as a subscription got it.
 *
 * @param message its text, as UTF-8, cut off after 64 KiB; bytes that are not UTF-8 show
 * as U+FFFD
 * @param routingKey its routing key
 * @param receivedAt when it was received
 * @param id its message id, if its sender gave it one
 * @param size the size of its body, in bytes
 * @param properties the properties it came with
 * @param memorySize roughly what it takes in memory, in bytes
 */
public record LogLine(String message, String routingKey, Instant receivedAt, @Nullable String id, int size,
		BasicProperties properties, @JsonIgnore int memorySize) {

	/**
	 * What a subscription got, just now.
	 * @param message the message
	 * @return the line
	 */
	public static LogLine of(Message message) {
		ReceivedMessage received = ReceivedMessage.of(message, "");
		String routingKey = String.valueOf(message.getMessageProperties().getReceivedRoutingKey());
		return new LogLine(received.text(), routingKey, received.receivedAt(), received.id(), received.size(),
				received.properties(), received.memorySize() + 2 * routingKey.length());
	}

}
