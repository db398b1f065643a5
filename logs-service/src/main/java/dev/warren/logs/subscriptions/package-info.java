/**
 * Subscriptions that are begun and ended by request, each a receiver with a queue of its
 * own, and what they received.
 */
@NullMarked
package dev.warren.logs.subscriptions;

import org.jspecify.annotations.NullMarked;
