/**
 * The logs service over HTTP.
 */
@NullMarked
package dev.warren.logs.web;

import org.jspecify.annotations.NullMarked;
