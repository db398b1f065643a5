package dev.warren.broker.rabbitmq;

/**
 * What an exchange can be bound to.
 */
sealed interface RoutingTarget permits MessageQueue, Exchange {

	String name();

	boolean isDurable();

}
