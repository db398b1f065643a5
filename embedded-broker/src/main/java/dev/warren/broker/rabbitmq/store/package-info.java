/**
 * What is durable, kept by Qpid: definitions of queues and exchanges, and messages.
 * Internal to the broker.
 */
@NullMarked
package dev.warren.broker.rabbitmq.store;

import org.jspecify.annotations.NullMarked;
