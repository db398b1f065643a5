/**
 * Faults that tests want of a virtual host. Internal to the broker.
 */
@NullMarked
package dev.warren.broker.rabbitmq.fault;

import org.jspecify.annotations.NullMarked;
