package dev.warren.postbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import dev.warren.messaging.log.MessageLog;
import dev.warren.messaging.message.StrangersPropertiesConverter;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.AmqpResourceNotAvailableException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.support.MessagePropertiesConverter;
import org.springframework.stereotype.Component;

/**
 * Collects letters, the tutorial's consumer: it pulls one ({@code basic.get}) and
 * acknowledges it explicitly, when whoever asked for it has read it. Until then the
 * broker keeps the letter for the channel it was collected on, and puts it back if that
 * channel closes, for whatever reason.
 */
@Component
public class PostBox {

	private final ConnectionFactory connectionFactory;

	private final MessageLog log;

	private final MessagePropertiesConverter converter = new StrangersPropertiesConverter();

	PostBox(ConnectionFactory connectionFactory, MessageLog log) {
		this.connectionFactory = connectionFactory;
		this.log = log;
	}

	/**
	 * Opens a channel, which is the caller's to close. {@code RabbitTemplate.execute}
	 * lends one for as long as a callback runs, and a cached channel does not close when
	 * it is given back; a letter is held for longer, and goes back when its channel
	 * closes.
	 * @return the channel
	 */
	public Channel openChannel() throws IOException {
		Connection connection = this.connectionFactory.createConnection().getDelegate();
		Channel channel = (connection != null) ? connection.createChannel() : null;
		if (channel == null) {
			throw new AmqpResourceNotAvailableException("The connection to the broker has no channel left");
		}
		return channel;
	}

	/**
	 * Takes the next letter out of a box.
	 * @param channel holds the letter until it is acknowledged or rejected
	 * @param box the name of the box
	 * @param acknowledged whether the broker may forget the letter as it sends it
	 * @return the letter, or {@code null} if the box is empty
	 */
	public @Nullable Message collect(Channel channel, String box, boolean acknowledged) throws IOException {
		GetResponse response = channel.basicGet(box, acknowledged);
		if (response == null) {
			return null;
		}
		Message letter = new Message(response.getBody(),
				this.converter.toMessageProperties(response.getProps(), response.getEnvelope(), "UTF-8"));
		this.log.line("Received '{}'", text(letter));
		return letter;
	}

	/**
	 * Acknowledges a letter: on return the broker has forgotten it. {@code basic.ack} has
	 * no answer, so it is sent in a transaction of one, whose commit has.
	 * @param channel the channel that holds the letter
	 * @param letter the letter
	 */
	public void acknowledge(Channel channel, Message letter) throws IOException {
		channel.txSelect();
		channel.basicAck(letter.getMessageProperties().getDeliveryTag(), false);
		channel.txCommit();
	}

	/**
	 * Rejects a letter: on return it is back in its box, or dropped.
	 * @param channel the channel that holds the letter
	 * @param letter the letter
	 * @param requeue whether it goes back
	 */
	public void reject(Channel channel, Message letter, boolean requeue) throws IOException {
		channel.txSelect();
		channel.basicReject(letter.getMessageProperties().getDeliveryTag(), requeue);
		channel.txCommit();
		this.log.line(requeue ? "Put back '{}'" : "Rejected '{}'", text(letter));
	}

	private static String text(Message letter) {
		return new String(letter.getBody(), StandardCharsets.UTF_8);
	}

}
