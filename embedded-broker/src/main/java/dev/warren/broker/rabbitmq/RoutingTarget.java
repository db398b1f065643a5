package dev.warren.broker.rabbitmq;

/**
 * What an exchange can be bound to: a queue or another exchange.
 */
interface RoutingTarget {

	String name();

	boolean isDurable();

}
