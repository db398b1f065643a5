/**
 * Messages as the REST interfaces show and accept them.
 */
@NullMarked
package dev.warren.messaging.message;

import org.jspecify.annotations.NullMarked;
