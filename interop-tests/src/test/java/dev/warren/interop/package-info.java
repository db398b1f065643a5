/**
 * Other people's clients against the running suite.
 */
@NullMarked
package dev.warren.interop;

import org.jspecify.annotations.NullMarked;
