/**
 * The events of virtual hosts, streamed to those who read them over HTTP. Internal to the
 * broker.
 */
@NullMarked
package dev.warren.broker.management.events;

import org.jspecify.annotations.NullMarked;
