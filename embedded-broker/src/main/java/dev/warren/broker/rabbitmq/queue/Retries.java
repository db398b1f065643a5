package dev.warren.broker.rabbitmq.queue;

import java.util.Collection;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Consumer;

import dev.warren.broker.rabbitmq.arguments.DelayedRetry;
import dev.warren.broker.rabbitmq.time.EarliestTimer;
import dev.warren.broker.rabbitmq.time.Timers;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a queue that came back and wait to be delivered again. They are not
 * ready. Guarded by the queue.
 */
final class Retries {

	private @Nullable DelayedRetry rule;

	private final PriorityQueue<QueuedMessage> waiting = new PriorityQueue<>(1,
			Comparator.comparingLong(QueuedMessage::dueAt).thenComparingLong(QueuedMessage::position));

	private final EarliestTimer timer;

	/**
	 * @param look is to call {@link #takeDue}
	 */
	Retries(@Nullable DelayedRetry rule, Timers timers, Runnable look) {
		this.rule = rule;
		this.timer = new EarliestTimer(timers, look);
	}

	/**
	 * Keeps what comes from now on as long as the rule says.
	 */
	void rule(@Nullable DelayedRetry newRule) {
		this.rule = newRule;
	}

	/**
	 * Keeps a message, unless it can be delivered again at once.
	 * @param failed whether a client failed with it
	 * @return whether it was kept
	 */
	boolean keep(QueuedMessage message, boolean failed, long now) {
		long delay = (this.rule != null) ? this.rule.delay(failed, message.failures()) : 0;
		if (delay == 0) {
			return false;
		}
		message.unassign();
		message.waitUntil(now + delay);
		this.waiting.add(message);
		this.timer.schedule(message.dueAt(), now);
		return true;
	}

	/**
	 * Takes the messages that have waited long enough.
	 */
	void takeDue(long now, Consumer<QueuedMessage> taker) {
		QueuedMessage first = this.waiting.peek();
		while (first != null && first.dueAt() <= now) {
			this.waiting.remove();
			taker.accept(first);
			first = this.waiting.peek();
		}
		this.timer.fired();
		this.timer.schedule((first != null) ? first.dueAt() : Long.MAX_VALUE, now);
	}

	void drainTo(Collection<QueuedMessage> target) {
		target.addAll(this.waiting);
		this.waiting.clear();
		this.timer.cancel();
	}

}
