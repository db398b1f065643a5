package dev.warren.broker.rabbitmq.event;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.warren.broker.rabbitmq.store.Message;
import dev.warren.broker.rabbitmq.store.MessageSnapshot;
import dev.warren.broker.rabbitmq.time.EngineClock;
import org.jspecify.annotations.Nullable;

/**
 * The events of a virtual host, as they happen. While nobody listens they cost next to
 * nothing.
 */
public final class Events {

	private final EngineClock clock;

	private volatile List<Listening> listeners = List.of();

	private long last;

	public Events(EngineClock clock) {
		this.clock = clock;
	}

	/**
	 * Has somebody told of each event, one after the other, on the thread that caused it.
	 * That thread may hold the monitor of a queue, and others may wait for it: the
	 * listener has to be quick, and calls nothing of the engine.
	 * @param mostOfBody how many octets of a message's body are wanted
	 */
	public synchronized Listening listen(int mostOfBody, Consumer<Event> listener) {
		Listening listening = new Listening(this, this.last, mostOfBody, listener);
		this.listeners = Stream.concat(this.listeners.stream(), Stream.of(listening)).toList();
		return listening;
	}

	synchronized void end(Listening listening) {
		this.listeners = this.listeners.stream().filter((one) -> one != listening).toList();
	}

	/**
	 * Whether anybody listens, where it takes more to find out what to tell.
	 */
	public boolean areHeard() {
		return !this.listeners.isEmpty();
	}

	/**
	 * A copy of a message, with as much of its body as is wanted. To be called while the
	 * message is held.
	 */
	public MessageSnapshot snapshot(Message message) {
		return message.snapshot(this.listeners.stream().mapToInt(Listening::mostOfBody).max().orElse(0));
	}

	/**
	 * Tells what did not happen to a message.
	 */
	public void tell(Happening happening, Origin origin, String queue, Detail detail) {
		tell(happening, origin, 0, queue, detail);
	}

	public void tell(Happening happening, Origin origin, Message message, String queue) {
		tell(happening, origin, message, queue, Detail.NONE);
	}

	/**
	 * Tells what happened to a message that was shown before.
	 */
	public void tell(Happening happening, Origin origin, Message message, String queue, Detail detail) {
		tell(happening, origin, message.number(), queue, detail);
	}

	/**
	 * The same of a message that the store may have forgotten.
	 * @param message its number
	 */
	public void tell(Happening happening, Origin origin, long message, String queue, Detail detail) {
		tell(happening, origin, message, null, queue, detail);
	}

	/**
	 * Tells what happened to a message, and shows it. To be called while the message is
	 * held.
	 */
	public void show(Happening happening, Origin origin, Message message, String queue, Detail detail) {
		if (areHeard()) {
			show(happening, origin, snapshot(message), queue, detail);
		}
	}

	public void show(Happening happening, Origin origin, MessageSnapshot message, String queue, Detail detail) {
		tell(happening, origin, message.number(), message, queue, detail);
	}

	private void tell(Happening happening, Origin origin, long message, @Nullable MessageSnapshot content, String queue,
			Detail detail) {
		if (!areHeard()) {
			return;
		}
		// One at a time, so that all hear the same in the same order.
		synchronized (this) {
			Event event = new Event(++this.last, this.clock.millis(), happening, origin, message, content, queue,
					detail);
			this.listeners.forEach((one) -> one.hear(event));
		}
	}

}
