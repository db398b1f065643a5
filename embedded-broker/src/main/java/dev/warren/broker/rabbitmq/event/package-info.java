/**
 * What happens to messages, told to whoever listens. Internal to the broker.
 */
@NullMarked
package dev.warren.broker.rabbitmq.event;

import org.jspecify.annotations.NullMarked;
