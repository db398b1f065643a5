/**
 * What is done to each reply besides sending it.
 */
@NullMarked
package dev.warren.rpc.replies;

import org.jspecify.annotations.NullMarked;
