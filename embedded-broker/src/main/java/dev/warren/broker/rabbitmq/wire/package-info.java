/**
 * What is on the wire of AMQP 0-9-1: frames, methods, tables, properties, reply codes.
 * Internal to the broker.
 */
@NullMarked
package dev.warren.broker.rabbitmq.wire;

import org.jspecify.annotations.NullMarked;
