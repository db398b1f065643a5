/**
 * The web page on which real messages move: its files, and the way from it to the
 * services and the broker.
 */
@NullMarked
package dev.warren.console;

import org.jspecify.annotations.NullMarked;
