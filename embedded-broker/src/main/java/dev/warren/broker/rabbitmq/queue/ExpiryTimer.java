package dev.warren.broker.rabbitmq.queue;

import dev.warren.broker.rabbitmq.time.Timers;
import org.jspecify.annotations.Nullable;

/**
 * Has a queue look when the next of its messages expires. Guarded by the queue's monitor.
 */
final class ExpiryTimer {

	private final Timers timers;

	private final Runnable expire;

	private long scheduledFor = Long.MAX_VALUE;

	private Timers.@Nullable Timer timer;

	ExpiryTimer(Timers timers, Runnable expire) {
		this.timers = timers;
		this.expire = expire;
	}

	/**
	 * Sees to it that the queue looks at that time or before.
	 */
	void schedule(long next, long now) {
		if (next < this.scheduledFor) {
			cancel();
			this.scheduledFor = next;
			this.timer = this.timers.schedule(this.expire, Math.max(0, next - now));
		}
	}

	/**
	 * The queue is looking.
	 */
	void fired() {
		this.scheduledFor = Long.MAX_VALUE;
		this.timer = null;
	}

	void cancel() {
		if (this.timer != null) {
			this.timer.cancel();
		}
	}

}
