/**
 * What a service writes to its log, whoever wrote the text.
 */
@NullMarked
package dev.warren.messaging.log;

import org.jspecify.annotations.NullMarked;
