/**
 * What the engine has counted, looked at every five seconds: rates, and what was before.
 */
@NullMarked
package dev.warren.broker.management.sample;

import org.jspecify.annotations.NullMarked;
