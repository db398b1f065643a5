/**
 * The work queue service through its REST interface and beside other programs.
 */
@NullMarked
package dev.warren.workqueue;

import org.jspecify.annotations.NullMarked;
