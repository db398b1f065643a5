package dev.warren.broker.rabbitmq.event;

import dev.warren.broker.rabbitmq.store.MessageSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in a virtual host.
 *
 * @param number which event of the virtual host it is, of those that somebody heard
 * @param time milliseconds since the epoch
 * @param message the number of the message it happened to, 0 if it was none
 * @param content the message as it was then, where it came to the broker or to a queue
 * @param queue empty if it has nothing to do with a queue
 */
public record Event(long number, long time, Happening happening, Origin origin, long message,
		@Nullable MessageSnapshot content, String queue, Detail detail) {

}
