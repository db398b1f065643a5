/**
 * Workers that are started, stopped and made to crash by request.
 */
@NullMarked
package dev.warren.workqueue.workers;

import org.jspecify.annotations.NullMarked;
