package dev.warren.messaging.publish;

import java.util.function.Consumer;

import com.rabbitmq.client.ReturnListener;
import com.rabbitmq.client.ShutdownSignalException;

import org.springframework.amqp.rabbit.core.RabbitOperations;
import org.springframework.amqp.rabbit.support.RabbitExceptionTranslator;

/**
 * Which of many mandatory messages the broker returns.
 * <p>
 * A template's returns callback runs on a thread of its own, and so maybe after the
 * confirm that the broker sends next. This listens on the channel itself: whoever has
 * waited for the confirms knows of the returns, too.
 */
public final class ReturnedMessages {

	private ReturnedMessages() {
	}

	/**
	 * Sends messages and tells which of them were returned.
	 * @param operations the operations on one channel, as of
	 * {@code RabbitTemplate.invoke}
	 * @param returned is told the message ids of those that no queue took
	 * @param sending sends them and waits for their confirms
	 * @throws org.springframework.amqp.AmqpException if the channel closes meanwhile
	 */
	public static void during(RabbitOperations operations, Consumer<String> returned, Runnable sending) {
		ReturnListener listener = operations.<ReturnListener>execute((channel) -> channel
			.addReturnListener((message) -> returned.accept(String.valueOf(message.getProperties().getMessageId()))));
		try {
			sending.run();
		}
		catch (ShutdownSignalException ex) {
			// A template translates what else goes wrong while it waits, but not this.
			throw RabbitExceptionTranslator.convertRabbitAccessException(ex);
		}
		// A channel on which that failed is closed, and its listeners with it.
		operations.<Boolean>execute((channel) -> channel.removeReturnListener(listener));
	}

}
