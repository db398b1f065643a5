package dev.warren.broker.rabbitmq.store;

/**
 * A message of a queue whose end is to be logged.
 */
public interface LoggedMessage {

	LogEntry entry();

	/**
	 * Called when the log has forgotten it.
	 */
	void release();

}
