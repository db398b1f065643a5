/**
 * Policies: which of them apply to a queue or an exchange, and what they come to.
 * Internal to the broker.
 */
@NullMarked
package dev.warren.broker.rabbitmq.policy;

import org.jspecify.annotations.NullMarked;
