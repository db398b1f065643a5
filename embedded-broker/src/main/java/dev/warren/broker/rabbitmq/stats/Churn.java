package dev.warren.broker.rabbitmq.stats;

/**
 * What comes and goes, as RabbitMQ's {@code churn_rates} call it.
 */
public enum Churn {

	CONNECTION_CREATED,

	CONNECTION_CLOSED,

	CHANNEL_CREATED,

	CHANNEL_CLOSED,

	/** Also if it was there. */
	QUEUE_DECLARED,

	QUEUE_CREATED,

	QUEUE_DELETED

}
