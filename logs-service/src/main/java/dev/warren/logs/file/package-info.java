/**
 * What standing subscriptions receive, in a file.
 */
@NullMarked
package dev.warren.logs.file;

import org.jspecify.annotations.NullMarked;
