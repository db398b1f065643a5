/**
 * What users may do, and how much there may be. Internal to the broker.
 */
@NullMarked
package dev.warren.broker.rabbitmq.access;

import org.jspecify.annotations.NullMarked;
