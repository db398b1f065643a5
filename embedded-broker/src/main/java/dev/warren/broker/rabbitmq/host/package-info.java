/**
 * A virtual host as its channels see it. Internal to the broker.
 */
@NullMarked
package dev.warren.broker.rabbitmq.host;

import org.jspecify.annotations.NullMarked;
