/**
 * The broker and every service in one JVM.
 */
@NullMarked
package dev.warren.suite;

import org.jspecify.annotations.NullMarked;
