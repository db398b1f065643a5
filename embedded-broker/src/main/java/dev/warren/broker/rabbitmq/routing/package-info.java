/**
 * Exchanges and bindings, and the way of a message through them. Internal to the broker.
 */
@NullMarked
package dev.warren.broker.rabbitmq.routing;

import org.jspecify.annotations.NullMarked;
