/**
 * What can be measured of every service, beside what Spring Boot measures.
 */
@NullMarked
package dev.warren.messaging.meters;

import org.jspecify.annotations.NullMarked;
