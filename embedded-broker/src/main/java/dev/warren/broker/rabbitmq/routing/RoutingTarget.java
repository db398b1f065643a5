package dev.warren.broker.rabbitmq.routing;

/**
 * What an exchange can be bound to: a queue or another exchange.
 */
public interface RoutingTarget {

	String name();

	boolean isDurable();

}
