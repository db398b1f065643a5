package dev.warren.broker.rabbitmq.queue;

import java.util.ArrayList;
import java.util.List;

import dev.warren.broker.rabbitmq.store.Message;

/**
 * Room in queues that reject what is too much, kept for messages from before they are
 * stored until they are enqueued, so that nobody else takes it. Closing gives back what
 * was kept for messages that did not come.
 */
public final class KeptRoom implements AutoCloseable {

	private final List<Kept> kept = new ArrayList<>(0);

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
