package dev.warren.broker.rabbitmq.stats;

/**
 * What is counted of messages, as RabbitMQ's {@code message_stats} call it.
 */
public enum Count {

	PUBLISH,

	CONFIRM,

	/** No queue for it, and sent back because it was mandatory. */
	RETURN_UNROUTABLE,

	/** No queue for it, and forgotten. */
	DROP_UNROUTABLE,

	/** To a consumer that acknowledges. */
	DELIVER,

	/** To a consumer that does not. */
	DELIVER_NO_ACK,

	/** With basic.get, to be acknowledged. */
	GET,

	GET_NO_ACK,

	GET_EMPTY,

	ACK,

	/** Of those delivered and got, what somebody had before. */
	REDELIVER

}
