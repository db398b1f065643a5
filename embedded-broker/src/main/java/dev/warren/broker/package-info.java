/**
 * An AMQP 0-9-1 broker that runs inside the JVM, started and stopped from plain Java.
 */
@NullMarked
package dev.warren.broker;

import org.jspecify.annotations.NullMarked;
