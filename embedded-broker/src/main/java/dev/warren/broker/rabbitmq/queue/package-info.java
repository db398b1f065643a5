/**
 * Queues, their messages and consumers, what becomes of dead letters, and direct replies,
 * which have no queue. Internal to the broker.
 */
@NullMarked
package dev.warren.broker.rabbitmq.queue;

import org.jspecify.annotations.NullMarked;
