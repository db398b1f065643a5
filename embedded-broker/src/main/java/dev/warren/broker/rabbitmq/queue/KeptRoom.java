package dev.warren.broker.rabbitmq.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import dev.warren.broker.rabbitmq.arguments.QueueArguments;
import dev.warren.broker.rabbitmq.store.Message;

/**
 * Room in queues that reject what is too much, kept for messages from before they are
 * stored until they are enqueued, so that nobody else takes it. Closing gives back what
 * was kept for messages that did not come.
 */
public final class KeptRoom implements AutoCloseable {

	private final List<Kept> kept = new ArrayList<>(0);

	/**
	 * Keeps room for a message that is published, and takes out the queues that are full
	 * and refuse it; those that dead-letter what they refuse do so.
	 * @param refused is told of each that is full
	 * @return whether there was none
	 */
	public boolean reserve(List<MessageQueue> queues, Message message, Consumer<MessageQueue> refused) {
		boolean accepted = true;
		for (int i = queues.size() - 1; i >= 0; i--) {
			MessageQueue queue = queues.get(i);
			if (!reserve(queue, message)) {
				accepted = false;
				queues.remove(i);
				refused.accept(queue);
				if (queue.arguments().overflow() == QueueArguments.Overflow.REJECT_PUBLISH_DLX) {
					queue.queues().deadLetters().buryRefused(queue, message);
				}
			}
		}
		return accepted;
	}

	/**
	 * Keeps room for a message.
	 * @return whether there is any
	 */
	public boolean reserve(MessageQueue queue, Message message) {
		if (!queue.arguments().overflow().rejects()) {
			return true;
		}
		if (!queue.reserve(message)) {
			return false;
		}
		this.kept.add(new Kept(queue, message));
		return true;
	}

	@Override
	public void close() {
		this.kept.forEach((one) -> one.queue().release(one.message()));
		this.kept.clear();
	}

	private record Kept(MessageQueue queue, Message message) {

	}

}
