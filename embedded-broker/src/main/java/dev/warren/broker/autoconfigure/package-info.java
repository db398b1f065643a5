/**
 * Gives a Spring Boot application that has no other broker an embedded one.
 */
@NullMarked
package dev.warren.broker.autoconfigure;

import org.jspecify.annotations.NullMarked;
