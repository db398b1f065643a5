package dev.warren.messaging.message;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Envelope;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.support.DefaultMessagePropertiesConverter;

/**
 * Reads the properties of messages from anybody. AMQP lets a sender put any octet into
 * {@code delivery_mode}; Spring throws on all but two of them, which would put the
 * message back into the queue, to fail again for ever.
 */
public final class StrangersPropertiesConverter extends DefaultMessagePropertiesConverter {

	@Override
	public MessageProperties toMessageProperties(AMQP.BasicProperties source, @Nullable Envelope envelope,
			String charset) {
		Integer deliveryMode = source.getDeliveryMode();
		boolean known = deliveryMode == null || deliveryMode == 1 || deliveryMode == 2;
		return super.toMessageProperties(known ? source : source.builder().deliveryMode(null).build(), envelope,
				charset);
	}

}
