/**
 * Qpid's network side: its sockets, users and virtual hosts, plugged into the engine's
 * connections. Internal to the broker.
 */
@NullMarked
package dev.warren.broker.rabbitmq.transport;

import org.jspecify.annotations.NullMarked;
