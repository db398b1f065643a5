package dev.warren.broker.management.sample;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * The values of the last so many ticks, or of every so many ticks. What has not changed
 * is kept once. Not thread-safe.
 */
final class Ring {

	private final Span span;

	private long[][] rows = new long[2][];

	private int count;

	/** The number of the newest row. */
	private long last;

	Ring(Span span) {
		this.span = span;
	}

	void add(long tick, long[] row) {
		if (tick % this.span.ticks() != 0) {
			return;
		}
		long number = tick / this.span.ticks();
		if (this.count > 0 && number <= this.last) {
			return;
		}
		if (this.count > 0 && number - this.last < this.span.most()) {
			// Nobody looked meanwhile, when the machine was asleep.
			long[] before = row(this.last);
			for (long missed = this.last + 1; missed < number; missed++) {
				put(missed, before);
			}
		}
		else {
			this.count = 0;
		}
		put(number, row);
	}

	private void put(long number, long[] row) {
		if (this.count == this.rows.length && this.count < this.span.most()) {
			grow(number);
		}
		this.rows[index(number)] = row;
		this.last = number;
		this.count = Math.min(this.count + 1, this.rows.length);
	}

	private void grow(long next) {
		long[][] before = this.rows;
		this.rows = new long[Math.min(2 * before.length, this.span.most())][];
		for (long number = next - this.count; number < next; number++) {
			this.rows[index(number)] = before[(int) (number % before.length)];
		}
	}

	private int index(long number) {
		return (int) (number % this.rows.length);
	}

	private long[] row(long number) {
		return this.rows[index(number)];
	}

	/**
	 * What was at that tick or the last time before it that was looked at; null if that
	 * is not known.
	 */
	long @Nullable [] at(long tick) {
		long number = Math.min(tick / this.span.ticks(), this.last);
		return (this.count > 0 && number > this.last - this.count) ? row(number) : null;
	}

	/**
	 * The row, or the newest one if it is the same.
	 */
	long[] shared(long[] row) {
		return (this.count > 0 && Arrays.equals(row(this.last), row)) ? row(this.last) : row.clone();
	}

	/**
	 * The number of the newest tick, below 0 if there is none.
	 */
	long lastTick() {
		return (this.count > 0) ? this.last * this.span.ticks() : -1;
	}

}
