/**
 * What every service of Warren has: publishing, health, problems, limits and API
 * documentation, imported with
 * {@link dev.warren.messaging.MessagingSupportConfiguration}.
 */
@NullMarked
package dev.warren.messaging;

import org.jspecify.annotations.NullMarked;
