/**
 * Queues, their messages and consumers, and what becomes of dead letters. Internal to the
 * broker.
 */
@NullMarked
package dev.warren.broker.rabbitmq.queue;

import org.jspecify.annotations.NullMarked;
