package dev.warren.broker.rabbitmq.queue;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many unacknowledged messages all consumers of a channel together may have.
 */
public final class Prefetch {

	private final AtomicInteger taken = new AtomicInteger();

	private volatile int limit;

	/**
	 * @param limit 0 for any number
	 */
	public void limit(int limit) {
		this.limit = limit;
	}

	public int limit() {
		return this.limit;
	}

	public boolean isLimited() {
		return this.limit > 0;
	}

	boolean hasRoom() {
		return this.limit == 0 || this.taken.get() < this.limit;
	}

	boolean take() {
		return Consumer.takeOne(this.taken, this.limit);
	}

	public void giveBack() {
		this.taken.decrementAndGet();
	}

}
