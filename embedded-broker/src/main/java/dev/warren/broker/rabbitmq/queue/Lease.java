package dev.warren.broker.rabbitmq.queue;

import java.util.concurrent.TimeUnit;

import dev.warren.broker.rabbitmq.time.EngineClock;
import dev.warren.broker.rabbitmq.time.Timers;

/**
 * The lease of a queue with {@code x-expires}: unused for that long, it is deleted.
 */
final class Lease {

	private final MessageQueue queue;

	private final long millis;

	private final EngineClock clock;

	private final Timers timers;

	private volatile long lastUsed;

	Lease(MessageQueue queue, long millis, EngineClock clock, Timers timers) {
		this.queue = queue;
		this.millis = millis;
		this.clock = clock;
		this.timers = timers;
		this.lastUsed = clock.nanos();
	}

	void start() {
		this.timers.schedule(this::check, this.millis);
	}

	/**
	 * Starts the lease anew.
	 */
	void renew() {
		this.lastUsed = this.clock.nanos();
	}

	private void check() {
		if (this.queue.isDeleted()) {
			return;
		}
		long unused = (this.queue.consumerCount() > 0) ? 0
				: TimeUnit.NANOSECONDS.toMillis(this.clock.nanos() - this.lastUsed);
		if (unused >= this.millis) {
			this.queue.queues().deleteIfUnused(this.queue);
			if (!this.queue.isDeleted()) {
				this.timers.schedule(this::check, this.millis);
			}
		}
		else {
			this.timers.schedule(this::check, this.millis - unused);
		}
	}

}
