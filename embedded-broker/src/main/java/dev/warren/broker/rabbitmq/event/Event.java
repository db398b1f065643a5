package dev.warren.broker.rabbitmq.event;

import java.util.function.Supplier;

import dev.warren.broker.rabbitmq.store.MessageSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in a virtual host.
 *
 * @param time milliseconds since the epoch
 * @param message the number of the message it happened to, 0 if it was none
 * @param content the message as it was then, where it came to the broker or to a queue
 * @param queue empty if it has nothing to do with a queue
 * @param detail more about it, for people; composed only when somebody reads it
 */
public record Event(long time, Happening happening, Origin origin, long message, @Nullable MessageSnapshot content,
		String queue, Supplier<String> detail) {

}
