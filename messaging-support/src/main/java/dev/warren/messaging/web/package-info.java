/**
 * What a service takes from whoever can reach its port, and what it refuses before a
 * controller sees it.
 */
@NullMarked
package dev.warren.messaging.web;

import org.jspecify.annotations.NullMarked;
