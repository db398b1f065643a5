/**
 * Boxes that are made and deleted by request, and how the broker itself remembers which
 * there are.
 */
@NullMarked
package dev.warren.postbox.boxes;

import org.jspecify.annotations.NullMarked;
