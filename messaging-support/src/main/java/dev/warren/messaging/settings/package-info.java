/**
 * What becomes of settings that are wrong: the service does not start, and says why.
 */
@NullMarked
package dev.warren.messaging.settings;

import org.jspecify.annotations.NullMarked;
