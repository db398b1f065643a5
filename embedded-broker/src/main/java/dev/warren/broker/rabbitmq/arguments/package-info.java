/**
 * The optional arguments of queues and consumers, checked. Internal to the broker.
 */
@NullMarked
package dev.warren.broker.rabbitmq.arguments;

import org.jspecify.annotations.NullMarked;
