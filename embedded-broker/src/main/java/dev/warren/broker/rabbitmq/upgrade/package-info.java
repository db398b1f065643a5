/**
 * What clients did that other versions of RabbitMQ refuse or treat differently.
 */
@NullMarked
package dev.warren.broker.rabbitmq.upgrade;

import org.jspecify.annotations.NullMarked;
