/**
 * What durable queues are declared as.
 */
@NullMarked
package dev.warren.messaging.queue;

import org.jspecify.annotations.NullMarked;
