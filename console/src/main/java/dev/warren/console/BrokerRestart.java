package dev.warren.console;

/**
 * Restarts the broker, where the console runs beside something that can: a bean that the
 * suite adds.
 */
@FunctionalInterface
public interface BrokerRestart {

	/**
	 * Stops the broker and starts it again, at the same addresses and on the same data.
	 * Returns when it accepts connections again.
	 */
	void restart();

}
