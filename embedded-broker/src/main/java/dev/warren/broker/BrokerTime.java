package dev.warren.broker;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * The time that a broker goes by, in its virtual hosts only. It goes on as the machine's
 * does, ahead of it by what it was advanced; a broker that starts from its store again
 * has the machine's.
 */
public final class BrokerTime {

	private static final Duration MOST = Duration.ofDays(36_500);

	private final Consumer<Duration> advance;

	BrokerTime(Consumer<Duration> advance) {
		this.advance = advance;
	}

	/**
	 * Goes forward by that much, as if it had passed: what becomes due on the way is
	 * done, each at its time and in this order, before this returns. Messages expire and
	 * are dead-lettered, also several times; delayed messages are routed and delayed
	 * retries are ready; queues that nobody uses go; deliveries that were not
	 * acknowledged in time are taken back. What clients do about it is not waited for.
	 * Heartbeats and timeouts of the network go by the machine's time, and notice
	 * nothing.
	 * @param duration 100 years at most
	 * @throws IllegalArgumentException if it is negative or more
	 */
	public void advance(Duration duration) {
		if (duration.isNegative() || duration.compareTo(MOST) > 0) {
			throw new IllegalArgumentException("'duration' must be from 0 to 100 years, and not " + duration);
		}
		this.advance.accept(duration);
	}

}
