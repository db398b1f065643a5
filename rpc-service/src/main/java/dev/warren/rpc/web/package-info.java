/**
 * The REST interface.
 */
@NullMarked
package dev.warren.rpc.web;

import org.jspecify.annotations.NullMarked;
