package dev.warren.broker.rabbitmq.fault;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import dev.warren.broker.rabbitmq.time.Timers;

/**
 * Does things later, all by the same time, or as soon as the delay ends. Safe for use by
 * several threads.
 */
public final class Delay {

	private final Duration duration;

	private final Set<Task> waiting = new LinkedHashSet<>();

	private boolean ended;

	Delay(Duration duration) {
		this.duration = duration;
	}

	/**
	 * Has the task done when the time is over.
	 */
	public void delay(Runnable action, Timers timers) {
		Task task = new Task(action);
		synchronized (this) {
			if (!this.ended) {
				this.waiting.add(task);
				timers.schedule(() -> run(task), this.duration.toMillis());
				return;
			}
		}
		action.run();
	}

	private void run(Task task) {
		boolean due;
		synchronized (this) {
			due = this.waiting.remove(task);
		}
		if (due) {
			task.action().run();
		}
	}

	/**
	 * Does at once what still waits, and from now on everything.
	 */
	void end() {
		List<Task> tasks;
		synchronized (this) {
			this.ended = true;
			tasks = List.copyOf(this.waiting);
		}
		tasks.forEach(this::run);
	}

	@Override
	public String toString() {
		// Without "PT", such as 1m30s.
		return this.duration.toString().substring(2).toLowerCase(Locale.ROOT);
	}

	/** Not a record: two tasks are never the same. */
	private static final class Task {

		private final Runnable action;

		Task(Runnable action) {
			this.action = action;
		}

		Runnable action() {
			return this.action;
		}

	}

}
