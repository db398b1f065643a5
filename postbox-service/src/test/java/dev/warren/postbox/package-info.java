/**
 * The postbox service through its REST interface and beside other programs.
 */
@NullMarked
package dev.warren.postbox;

import org.jspecify.annotations.NullMarked;
