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

	/**
	 * Tells that something that is due goes on elsewhere.
	 * @return what is to be done there instead
	 */
	default Runnable handingOver(Runnable rest) {
		return rest;
	}

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
