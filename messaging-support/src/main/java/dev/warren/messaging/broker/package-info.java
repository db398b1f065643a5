/**
 * The broker as a service sees it: the connection, and the queues and exchanges that the
 * service needs there.
 */
@NullMarked
package dev.warren.messaging.broker;

import org.jspecify.annotations.NullMarked;
