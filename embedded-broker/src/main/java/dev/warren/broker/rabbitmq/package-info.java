/**
 * RabbitMQ's dialect of AMQP 0-9-1, spoken on Qpid's transport, stores and virtual hosts.
 */
@NullMarked
package dev.warren.broker.rabbitmq;

import org.jspecify.annotations.NullMarked;
