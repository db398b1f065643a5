package dev.warren.broker.rabbitmq.time;

/**
 * Tells the engine what time it is, and gives it timers that go by the same time. The
 * engine asks no other clock, so that a test can put one in its place.
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
	 * Starts timers, which run on one thread of that name.
	 */
	Timers startTimers(String name);

	/**
	 * The machine's own clock.
	 */
	static EngineClock system() {
		return new SystemClock();
	}

}
