/**
 * The files of Qpid's disk store, and tables of records in them. Internal to the broker.
 */
@NullMarked
package dev.warren.broker.rabbitmq.disk;

import org.jspecify.annotations.NullMarked;
