package dev.warren.logs;

import java.nio.charset.StandardCharsets;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.messaging.message.StrangersPropertiesConverter;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.amqp.core.Message;

/**
 * Takes lines from one queue of a subscription. A subscription has another receiver with
 * every queue it gets.
 */
final class Receiver extends DefaultConsumer {

	private static final Log logger = LogFactory.getLog(Receiver.class);

	private static final StrangersPropertiesConverter propertiesConverter = new StrangersPropertiesConverter();

	private final Subscription subscription;

	Receiver(Channel channel, Subscription subscription) {
		super(channel);
		this.subscription = subscription;
	}

	@Override
	public void handleDelivery(String consumerTag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
		try {
			Message message = new Message(body,
					propertiesConverter.toMessageProperties(properties, envelope, StandardCharsets.UTF_8.name()));
			this.subscription.receive(LogLine.of(message, envelope.getRoutingKey(), consumerTag), this);
		}
		catch (RuntimeException ex) {
			// Thrown, it would close the channel, and with it all subscriptions.
			logger.error("A line for " + consumerTag + " could not be shown", ex);
		}
	}

	@Override
	public void handleCancel(String consumerTag) {
		this.subscription.detach(this, "the queue was deleted");
	}

	@Override
	public void handleShutdownSignal(String consumerTag, ShutdownSignalException cause) {
		this.subscription.detach(this, "the connection to the broker was lost");
	}

}
