package dev.warren.broker.rabbitmq.fault;

/**
 * How a message is delivered.
 */
public enum Delivery {

	ONCE,

	/** And again at once, as if whatever the client says of the first had been lost. */
	TWICE

}
