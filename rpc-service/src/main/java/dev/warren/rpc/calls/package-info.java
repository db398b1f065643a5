/**
 * What the tutorial's client leaves out: how many calls may wait, callers who leave, a
 * reply queue that is lost, and what became of it all.
 */
@NullMarked
package dev.warren.rpc.calls;

import org.jspecify.annotations.NullMarked;
