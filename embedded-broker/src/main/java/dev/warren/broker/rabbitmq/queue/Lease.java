package dev.warren.broker.rabbitmq.queue;

import java.util.concurrent.TimeUnit;

import dev.warren.broker.rabbitmq.time.EngineClock;
import dev.warren.broker.rabbitmq.time.Timers;
import dev.warren.broker.rabbitmq.wire.ReplyCode;

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

	private long unusedMillis() {
		long since = this.lastUsed;
		return TimeUnit.NANOSECONDS.toMillis(this.clock.nanos() - since);
	}

	/** Once more, when nobody else can use the queue. */
	private void checkIsOver(int ready, int consumers) {
		DeleteCondition.UNUSED.check(ready, consumers);
		if (unusedMillis() < this.millis) {
			throw ReplyCode.PRECONDITION_FAILED.error("in use");
		}
	}

	private void check() {
		if (this.queue.isDeleted()) {
			return;
		}
		long unused = (!this.queue.consumers().isEmpty()) ? 0 : unusedMillis();
		if (unused >= this.millis) {
			this.queue.queues().deleteIf(this.queue, this::checkIsOver);
			if (!this.queue.isDeleted()) {
				this.timers.schedule(this::check, this.millis);
			}
		}
		else {
			this.timers.schedule(this::check, this.millis - unused);
		}
	}

}
