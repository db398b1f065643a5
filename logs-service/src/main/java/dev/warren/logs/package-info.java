/**
 * Tutorials 3, 4 and 5: publish/subscribe, routing, topics, and the headers exchange,
 * which has no tutorial. A log goes to an exchange; who wants it binds a queue.
 * <p>
 * {@link dev.warren.logs.LogsTopology}, {@link dev.warren.logs.LogEmitter} and
 * {@link dev.warren.logs.LogReceiver} are the whole pattern.
 */
@NullMarked
package dev.warren.logs;

import org.jspecify.annotations.NullMarked;
