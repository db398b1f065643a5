/**
 * The definitions of a broker with its queues, exchanges and bindings, as RabbitMQ
 * exports and imports them. Internal to the broker.
 *
 * @see <a href="https://www.rabbitmq.com/docs/definitions">Definitions</a>
 */
@NullMarked
package dev.warren.broker.definitions;

import org.jspecify.annotations.NullMarked;
