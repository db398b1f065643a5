/**
 * The OpenAPI document of a service, and the page at its root that links to it.
 */
@NullMarked
package dev.warren.messaging.api;

import org.jspecify.annotations.NullMarked;
