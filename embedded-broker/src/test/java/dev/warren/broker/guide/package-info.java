/**
 * The tests that TESTING.md shows.
 */
@NullMarked
package dev.warren.broker.guide;

import org.jspecify.annotations.NullMarked;
