package dev.warren.broker.management.sample;

/**
 * Which samples are wanted.
 *
 * @param age how many seconds back
 * @param increment how many seconds from one to the next
 */
public record Range(int age, int increment) {

	/** More increments than this are too many. */
	public static final int MOST = 500;

	/**
	 * How many samples that is.
	 */
	int samples() {
		return this.age / this.increment + 1;
	}

	/**
	 * How many seconds are from the first to the last.
	 */
	int seconds() {
		return (samples() - 1) * this.increment;
	}

}
