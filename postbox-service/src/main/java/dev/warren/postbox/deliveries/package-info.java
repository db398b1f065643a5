/**
 * Letters on their way to whoever collects them or reads a stream: the handles by which
 * they are acknowledged, and what becomes of them without.
 */
@NullMarked
package dev.warren.postbox.deliveries;

import org.jspecify.annotations.NullMarked;
