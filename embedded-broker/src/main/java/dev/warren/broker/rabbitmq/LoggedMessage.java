package dev.warren.broker.rabbitmq;

/**
 * A message of a queue whose end is to be logged.
 */
interface LoggedMessage {

	LogEntry entry();

	/**
	 * Called when the log has forgotten it.
	 */
	void release();

}
