/**
 * Replies that go straight to whoever asked, without a queue. Internal to the broker.
 */
@NullMarked
package dev.warren.broker.rabbitmq.reply;

import org.jspecify.annotations.NullMarked;
