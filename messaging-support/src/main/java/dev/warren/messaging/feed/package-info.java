/**
 * A bounded memory of what was received, read as a list or, live, as server-sent events.
 */
@NullMarked
package dev.warren.messaging.feed;

import org.jspecify.annotations.NullMarked;
