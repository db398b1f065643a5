/**
 * What becomes of tasks, as every instance of the service knows it.
 */
@NullMarked
package dev.warren.workqueue.tasks;

import org.jspecify.annotations.NullMarked;
