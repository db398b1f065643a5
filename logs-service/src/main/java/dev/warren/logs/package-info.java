/**
 * The logs service: logs go out to exchanges of four types, and subscriptions, each with
 * a queue of its own, receive those their bindings match.
 */
@NullMarked
package dev.warren.logs;

import org.jspecify.annotations.NullMarked;
