package dev.warren.benchmarks;

import java.util.Arrays;

/**
 * Calls that were answered.
 *
 * @param nanos how long they took together
 * @param millis how long each took
 */
record Calls(long nanos, double[] millis) {

	double rate() {
		return this.millis.length / (this.nanos / 1e9);
	}

	/**
	 * What 99 of 100 calls did not take longer than, in milliseconds.
	 */
	double p99() {
		double[] sorted = this.millis.clone();
		Arrays.sort(sorted);
		return sorted[(int) Math.ceil(sorted.length * 0.99) - 1];
	}

}
