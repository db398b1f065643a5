/**
 * A client's connection: handshake, frames, channels, alarms. Internal to the broker.
 */
@NullMarked
package dev.warren.broker.rabbitmq.connection;

import org.jspecify.annotations.NullMarked;
