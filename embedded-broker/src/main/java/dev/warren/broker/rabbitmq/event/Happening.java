package dev.warren.broker.rabbitmq.event;

/**
 * What may happen to a message, or to those who send and get messages.
 */
public enum Happening {

	CONNECTED,

	DISCONNECTED,

	CHANNEL_CLOSED,

	QUEUE_DECLARED,

	QUEUE_DELETED,

	BOUND,

	CONSUMING,

	CANCELLED,

	PUBLISHED,

	ROUTED,

	/** The publisher is told that the broker has the message. */
	CONFIRMED,

	/** The publisher is told that the broker does not have the message. */
	NACKED,

	/** No queue gets the message. */
	UNROUTABLE,

	RETURNED,

	/** The queue is full. */
	REFUSED,

	DELIVERED,

	ACKNOWLEDGED,

	REJECTED,

	REQUEUED,

	EXPIRED,

	/** Of the queue's oldest, to make room. */
	DROPPED,

	/** Came back too often. */
	DELIVERY_LIMIT,

	/** Published once more, by the broker. */
	DEAD_LETTERED,

	PURGED

}
