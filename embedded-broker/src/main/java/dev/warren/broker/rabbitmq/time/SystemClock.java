package dev.warren.broker.rabbitmq.time;

/**
 * The clock of the machine.
 */
enum SystemClock implements EngineClock {

	INSTANCE;

	@Override
	public long millis() {
		return System.currentTimeMillis();
	}

	@Override
	public long nanos() {
		return System.nanoTime();
	}

}
