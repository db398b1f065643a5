/**
 * The broker's command line, {@code warrenctl}: what RabbitMQ's {@code rabbitmqctl} says
 * and does, over the management API of a broker on this machine.
 */
@NullMarked
package dev.warren.broker.ctl;

import org.jspecify.annotations.NullMarked;
