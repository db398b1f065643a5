/**
 * Listener containers that come and go: receivers, workers and servers that are started
 * and stopped by request, and what becomes of those that fail.
 */
@NullMarked
package dev.warren.messaging.listener;

import org.jspecify.annotations.NullMarked;
