package dev.warren.broker.rabbitmq.queue;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * The messages of a queue that wait to be delivered: highest priority first, or in turns
 * of two high ones and a normal one, within a priority in the order they came. What is
 * returned goes back to where it was. Delayed messages are ordered by when they are due.
 * Not thread-safe.
 */
final class Backlog {

	private final Level[] levels;

	private final boolean inTurns;

	private int turn;

	private int size;

	private long bytes;

	Backlog(int highestPriority, boolean inTurns, boolean delayed) {
		this.inTurns = inTurns;
		this.levels = new Level[highestPriority + 1];
		for (int priority = 0; priority < this.levels.length; priority++) {
			this.levels[priority] = new Level(delayed);
		}
	}

	int size() {
		return this.size;
	}

	long bytes() {
		return this.bytes;
	}

	void append(QueuedMessage message) {
		this.levels[message.priority()].arrivals.add(message);
		this.size++;
		this.bytes += message.bodySize();
	}

	void putBack(QueuedMessage message) {
		this.levels[message.priority()].returned.add(message);
		this.size++;
		this.bytes += message.bodySize();
	}

	@Nullable QueuedMessage peek() {
		Level next = next();
		return (next != null) ? next.peek() : null;
	}

	private @Nullable Level next() {
		if (this.inTurns && this.turn == 2 && this.levels[0].peek() != null) {
			return this.levels[0];
		}
		for (int priority = this.levels.length - 1; priority >= 0; priority--) {
			if (this.levels[priority].peek() != null) {
				return this.levels[priority];
			}
		}
		return null;
	}

	@Nullable QueuedMessage poll() {
		Level next = next();
		QueuedMessage head = (next != null) ? next.poll() : null;
		if (head != null) {
			this.turn = (this.turn + 1) % 3;
			removed(head);
		}
		return head;
	}

	void drainTo(Collection<QueuedMessage> target) {
		QueuedMessage head = poll();
		while (head != null) {
			target.add(head);
			head = poll();
		}
	}

	/**
	 * Takes the expired messages off the head of each priority. One that expired behind a
	 * message that did not has to wait for it, as in RabbitMQ.
	 */
	void pollExpired(long now, Consumer<QueuedMessage> expired) {
		for (Level level : this.levels) {
			QueuedMessage head = level.peek();
			while (head != null && head.isExpired(now)) {
				level.poll();
				removed(head);
				expired.accept(head);
				head = level.peek();
			}
		}
	}

	/**
	 * When the next message at the head of a priority expires.
	 */
	long nextExpiry() {
		long next = Long.MAX_VALUE;
		for (Level level : this.levels) {
			QueuedMessage head = level.peek();
			if (head != null) {
				next = Math.min(next, head.expiresAt());
			}
		}
		return next;
	}

	private void removed(QueuedMessage message) {
		this.size--;
		this.bytes -= message.bodySize();
	}

	private static final class Level {

		private final Queue<QueuedMessage> arrivals;

		/**
		 * Messages leave from the head, so whatever comes back precedes what never left.
		 */
		private final PriorityQueue<QueuedMessage> returned = new PriorityQueue<>(
				Comparator.comparingLong(QueuedMessage::position));

		Level(boolean delayed) {
			this.arrivals = delayed ? new PriorityQueue<>(
					Comparator.comparingLong(QueuedMessage::expiresAt).thenComparingLong(QueuedMessage::position))
					: new ArrayDeque<>();
		}

		@Nullable QueuedMessage peek() {
			QueuedMessage first = this.returned.peek();
			return (first != null) ? first : this.arrivals.peek();
		}

		@Nullable QueuedMessage poll() {
			QueuedMessage first = this.returned.poll();
			return (first != null) ? first : this.arrivals.poll();
		}

	}

}
