package dev.warren.broker.rabbitmq.time;

/**
 * Does things later, one after the other. When the timers have stopped they do nothing
 * any more, and say nothing about it.
 */
public interface Timers {

	Timer schedule(Runnable task, long delayMillis);

	/**
	 * Does something again and again, each time so long after the last.
	 */
	void repeat(Runnable task, long delayMillis);

	void stop();

	/**
	 * Something to be done later.
	 */
	interface Timer {

		/**
		 * Cancels it. What is running already is finished.
		 */
		void cancel();

	}

}
