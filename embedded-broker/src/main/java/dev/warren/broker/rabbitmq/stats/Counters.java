package dev.warren.broker.rabbitmq.stats;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts messages, by what happens to them. Safe for use by several threads, and made for
 * few: what many threads count at once has a {@link java.util.concurrent.atomic.LongAdder
 * LongAdder} of its own.
 */
public final class Counters {

	private static final int KINDS = Count.values().length;

	private final AtomicLongArray counts = new AtomicLongArray(KINDS);

	public void increment(Count count) {
		add(count, 1);
	}

	public void add(Count count, long more) {
		this.counts.getAndAdd(count.ordinal(), more);
	}

	public long get(Count count) {
		return this.counts.get(count.ordinal());
	}

	/**
	 * Adds what others have counted.
	 */
	public void addAll(Counters others) {
		for (int i = 0; i < KINDS; i++) {
			this.counts.getAndAdd(i, others.counts.get(i));
		}
	}

}
