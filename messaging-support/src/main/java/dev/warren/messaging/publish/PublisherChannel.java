package dev.warren.messaging.publish;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.Channel;

import org.springframework.amqp.rabbit.connection.PublisherCallbackChannelImpl;

/**
 * A channel that tells the true reason for which messages were not confirmed. When the
 * broker closes a channel, such as over an exchange that does not exist, the client's
 * signal says why; Spring, if it gives the channel back before the signal, would nack the
 * messages as "closed by application".
 */
public final class PublisherChannel extends PublisherCallbackChannelImpl {

	/**
	 * Creates a channel.
	 * @param channel the client's channel
	 * @param executor tells what became of messages
	 */
	public PublisherChannel(Channel channel, ExecutorService executor) {
		super(channel, executor);
	}

	@Override
	public void close() throws IOException, TimeoutException {
		if (isOpen()) {
			super.close();
		}
	}

}
