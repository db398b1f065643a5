package dev.warren.messaging.message;

import java.nio.charset.StandardCharsets;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.support.converter.AbstractMessageConverter;

/**
 * Reads every body as the UTF-8 text that the tutorials send, whatever its sender says of
 * it: bytes that are not UTF-8 become U+FFFD, and nothing is ever deserialized.
 */
public final class Utf8MessageConverter extends AbstractMessageConverter {

	@Override
	public Object fromMessage(Message message) {
		return new String(message.getBody(), StandardCharsets.UTF_8);
	}

	@Override
	protected Message createMessage(Object text, MessageProperties properties) {
		properties.setContentType(MessageProperties.CONTENT_TYPE_TEXT_PLAIN);
		properties.setContentEncoding(StandardCharsets.UTF_8.name());
		return new Message(text.toString().getBytes(StandardCharsets.UTF_8), properties);
	}

}
