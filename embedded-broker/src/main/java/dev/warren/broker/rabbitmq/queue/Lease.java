package dev.warren.broker.rabbitmq.queue;

import java.util.concurrent.TimeUnit;

import dev.warren.broker.rabbitmq.time.EngineClock;
import dev.warren.broker.rabbitmq.time.Timers;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import org.jspecify.annotations.Nullable;

/**
 * The lease of a queue that expires: unused for that long, it is deleted.
 */
final class Lease {

	private final MessageQueue queue;

	private final long millis;

	private final EngineClock clock;

	private final Timers timers;

	private volatile long lastUsed;

	private volatile boolean ended;

	private Lease(MessageQueue queue, long millis) {
		this.queue = queue;
		this.millis = millis;
		this.clock = queue.queues().clock();
		this.timers = queue.queues().timers();
		this.lastUsed = this.clock.nanos();
	}

	/**
	 * The lease of a queue from now on: the one that it has, if that is as long, or a new
	 * one.
	 * @param millis how long, or null for a queue that does not expire
	 */
	static @Nullable Lease next(@Nullable Lease current, MessageQueue queue, @Nullable Long millis) {
		if (current != null) {
			if (millis != null && current.millis == millis) {
				return current;
			}
			current.ended = true;
		}
		if (millis == null) {
			return null;
		}
		Lease lease = new Lease(queue, millis);
		lease.timers.schedule(lease::check, millis);
		return lease;
	}

	/**
	 * Notes that the queue is used.
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
		if (this.ended || unusedMillis() < this.millis) {
			throw ReplyCode.PRECONDITION_FAILED.error("in use");
		}
	}

	private void check() {
		if (this.ended || this.queue.isDeleted()) {
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
