/**
 * The broker as an application of its own.
 */
@NullMarked
package dev.warren.broker.app;

import org.jspecify.annotations.NullMarked;
