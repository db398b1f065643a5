/**
 * Boxes, letters and deliveries over REST.
 */
@NullMarked
package dev.warren.postbox.web;

import org.jspecify.annotations.NullMarked;
