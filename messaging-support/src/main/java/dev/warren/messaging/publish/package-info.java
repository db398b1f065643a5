/**
 * Publishing with confirms and mandatory returns: what is reported sent was confirmed.
 */
@NullMarked
package dev.warren.messaging.publish;

import org.jspecify.annotations.NullMarked;
