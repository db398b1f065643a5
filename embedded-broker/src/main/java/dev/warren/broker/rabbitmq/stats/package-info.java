/**
 * What is counted while messages pass: plain counters, which whoever wants to know reads
 * at any time. Internal to the broker.
 */
@NullMarked
package dev.warren.broker.rabbitmq.stats;

import org.jspecify.annotations.NullMarked;
