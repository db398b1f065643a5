package dev.warren.broker.rabbitmq;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many unacknowledged messages all consumers of a channel together may have.
 */
final class Prefetch {

	private final AtomicInteger taken = new AtomicInteger();

	private volatile int limit;

	/**
	 * @param limit 0 for any number
	 */
	void limit(int limit) {
		this.limit = limit;
	}

	boolean isLimited() {
		return this.limit > 0;
	}

	boolean hasRoom() {
		return this.limit == 0 || this.taken.get() < this.limit;
	}

	boolean take() {
		return Consumer.takeOne(this.taken, this.limit);
	}

	void giveBack() {
		this.taken.decrementAndGet();
	}

}
