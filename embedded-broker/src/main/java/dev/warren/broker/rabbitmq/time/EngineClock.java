package dev.warren.broker.rabbitmq.time;

/**
 * Tells the engine what time it is. It asks no other clock, so that a test can put one in
 * its place.
 */
public interface EngineClock {

	/**
	 * Milliseconds since the epoch.
	 */
	long millis();

	/**
	 * Nanoseconds since some moment, for measuring how long something takes: this time
	 * never goes back.
	 */
	long nanos();

	/**
	 * The machine's own clock, by which the network goes.
	 */
	static EngineClock system() {
		return SystemClock.INSTANCE;
	}

}
