/**
 * RabbitMQ's dialect of AMQP 0-9-1, spoken on Qpid's transport, stores and virtual hosts.
 * <p>
 * The packages below are the engine's rooms, each of which knows only those below it; see
 * {@code ARCHITECTURE.md}. What is public in them is so for each other, and no part of
 * the broker's API.
 */
@NullMarked
package dev.warren.broker.rabbitmq;

import org.jspecify.annotations.NullMarked;
