package dev.warren.hello;

import java.util.concurrent.atomic.AtomicLong;

import dev.warren.messaging.feed.MessageFeed;
import dev.warren.messaging.message.ReceivedMessage;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageListener;

/**
 * Takes messages from the queue {@code hello} and shows them in the feed. The message is
 * acknowledged when {@link #onMessage} returns.
 */
final class Receiver implements MessageListener {

	private final String id;

	private final MessageFeed<ReceivedMessage> feed;

	private final AtomicLong received = new AtomicLong();

	Receiver(String id, MessageFeed<ReceivedMessage> feed) {
		this.id = id;
		this.feed = feed;
	}

	@Override
	public void onMessage(Message message) {
		this.feed.add(ReceivedMessage.of(message, this.id));
		this.received.incrementAndGet();
	}

	String id() {
		return this.id;
	}

	long received() {
		return this.received.get();
	}

}
