/**
 * What the modules' own tests share: the broker, the services and the streams under test.
 */
@NullMarked
package dev.warren.test;

import org.jspecify.annotations.NullMarked;
