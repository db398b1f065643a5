package dev.warren.broker.rabbitmq.event;

import java.util.function.Supplier;

import dev.warren.broker.rabbitmq.store.MessageSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in a virtual host.
 *
 * @param time milliseconds since the epoch
 * @param message the message it happened to, if any
 * @param queue empty if it has nothing to do with a queue
 * @param detail more about it, for people; composed only when somebody reads it
 */
public record Event(long time, Happening happening, Origin origin, @Nullable MessageSnapshot message, String queue,
		Supplier<String> detail) {

}
