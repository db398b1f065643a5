/**
 * Tutorial 1 over REST: what is sent and received, the queue, and receivers that come and
 * go.
 */
@NullMarked
package dev.warren.hello.web;

import org.jspecify.annotations.NullMarked;
