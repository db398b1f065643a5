package dev.warren.hello;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import dev.warren.messaging.log.MessageLog;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.annotation.RabbitListener;

/**
 * Takes messages from the queue {@code hello}, the tutorial's {@code Recv}.
 */
public class Receiver {

	private final String id;

	private final Consumer<Message> received;

	private final MessageLog log;

	private final AtomicLong count = new AtomicLong();

	/**
	 * Creates a receiver.
	 * @param id its id
	 * @param received gets each message
	 * @param log tells of each message
	 */
	public Receiver(String id, Consumer<Message> received, MessageLog log) {
		this.id = id;
		this.received = received;
		this.log = log;
	}

	// AcknowledgeMode.AUTO: the container acknowledges the message when this returns.
	@RabbitListener(queues = HelloTopology.QUEUE)
	void receive(String text, Message message) {
		this.log.line("{} received '{}'", this.id, text);
		this.received.accept(message);
		this.count.incrementAndGet();
	}

	/**
	 * How many messages it has received.
	 * @return the number
	 */
	public long received() {
		return this.count.get();
	}

}
