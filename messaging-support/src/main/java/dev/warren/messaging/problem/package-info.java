/**
 * Errors as {@code application/problem+json} (RFC 9457).
 */
@NullMarked
package dev.warren.messaging.problem;

import org.jspecify.annotations.NullMarked;
