/**
 * An embedded broker for the tests of a JUnit class.
 */
@NullMarked
package dev.warren.broker.junit;

import org.jspecify.annotations.NullMarked;
