/**
 * The time, and timers that go by it. Internal to the broker.
 */
@NullMarked
package dev.warren.broker.rabbitmq.time;

import org.jspecify.annotations.NullMarked;
