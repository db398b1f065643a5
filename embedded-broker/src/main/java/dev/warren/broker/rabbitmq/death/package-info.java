/**
 * How messages left queues, as their headers tell it. Internal to the broker.
 */
@NullMarked
package dev.warren.broker.rabbitmq.death;

import org.jspecify.annotations.NullMarked;
