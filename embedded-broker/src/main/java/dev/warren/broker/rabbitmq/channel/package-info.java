/**
 * What a client does on a channel: declaring, publishing, consuming. Internal to the
 * broker.
 */
@NullMarked
package dev.warren.broker.rabbitmq.channel;

import org.jspecify.annotations.NullMarked;
