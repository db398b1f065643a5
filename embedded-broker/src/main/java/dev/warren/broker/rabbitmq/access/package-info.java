/**
 * A virtual host as its channels see it, and what a user may do there.
 */
@NullMarked
package dev.warren.broker.rabbitmq.access;

import org.jspecify.annotations.NullMarked;
