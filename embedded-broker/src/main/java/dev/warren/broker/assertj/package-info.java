/**
 * AssertJ assertions about an embedded broker, which wait and explain.
 */
@NullMarked
package dev.warren.broker.assertj;

import org.jspecify.annotations.NullMarked;
