package dev.warren.broker.rabbitmq.fault;

/**
 * How a message is delivered.
 */
public enum Delivery {

	ONCE,

	/** And again at once: whatever the client says of the first is lost. */
	TWICE,

	/** And again when the client has settled it: whatever it says is lost. */
	UNTIL_SETTLED

}
