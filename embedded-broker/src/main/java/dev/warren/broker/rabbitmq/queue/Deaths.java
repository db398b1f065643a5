package dev.warren.broker.rabbitmq.queue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What left a queue while its monitor was held, and is to be buried when it is not.
 */
final class Deaths {

	private final MessageQueue queue;

	private @Nullable Map<DeathReason, List<QueuedMessage>> byReason;

	private final List<QueuedMessage> dropped = new ArrayList<>(0);

	Deaths(MessageQueue queue) {
		this.queue = queue;
	}

	void add(QueuedMessage message, DeathReason reason) {
		if (this.byReason == null) {
			this.byReason = new EnumMap<>(DeathReason.class);
		}
		this.byReason.computeIfAbsent(reason, (key) -> new ArrayList<>()).add(message);
	}

	/**
	 * Adds a message whose queue is gone: it is no dead letter.
	 */
	void drop(QueuedMessage message) {
		this.dropped.add(message);
	}

	void bury() {
		Queues queues = this.queue.queues();
		if (this.byReason != null) {
			this.byReason.forEach((reason, messages) -> queues.deadLetters().bury(this.queue, messages, reason));
		}
		if (!this.dropped.isEmpty()) {
			queues.messageLog().forget(this.dropped);
		}
	}

}
