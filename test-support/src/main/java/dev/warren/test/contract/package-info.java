/**
 * Holds the OpenAPI document of a service against the service that runs.
 */
@NullMarked
package dev.warren.test.contract;

import org.jspecify.annotations.NullMarked;
