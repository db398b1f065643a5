package dev.warren.broker.rabbitmq.host;

import dev.warren.broker.rabbitmq.queue.Taken;
import dev.warren.broker.rabbitmq.store.Message;
import dev.warren.broker.rabbitmq.store.StoredBody;
import dev.warren.broker.rabbitmq.wire.MessageProperties;

/**
 * A message that was got, as it was then.
 *
 * @param body the beginning of it, or the whole
 * @param bodySize the size of the whole, in octets
 * @param left how many were left in the queue
 */
public record GotMessage(String exchange, String routingKey, MessageProperties properties, byte[] body, long bodySize,
		boolean redelivered, int left) {

	/**
	 * @param truncate how many octets of the body to read at most
	 */
	public static GotMessage of(Taken taken, int truncate) {
		Message message = taken.message().message();
		byte[] properties = new byte[message.propertiesLength()];
		message.writeProperties(properties, 0);
		byte[] body = new byte[(int) Math.min(message.size(), Math.max(0, truncate))];
		try (StoredBody stored = message.body()) {
			stored.read(body, 0, body.length);
		}
		return new GotMessage(message.exchange(), message.routingKey(),
				MessageProperties.read(message.propertyFlags(), properties, 0, properties.length), body, message.size(),
				taken.message().isRedelivered(), taken.left());
	}

}
