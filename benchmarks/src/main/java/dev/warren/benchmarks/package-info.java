/**
 * The services beside the plain Java client, on the same broker in the same run.
 */
@NullMarked
package dev.warren.benchmarks;

import org.jspecify.annotations.NullMarked;
