package dev.warren.broker.rabbitmq.event;

import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.warren.broker.rabbitmq.store.Message;
import dev.warren.broker.rabbitmq.store.MessageSnapshot;
import dev.warren.broker.rabbitmq.time.EngineClock;
import org.jspecify.annotations.Nullable;

/**
 * The events of a virtual host, as they happen. While nobody listens they cost next to
 * nothing.
 */
public final class Events {

	public static final Supplier<String> NO_DETAIL = () -> "";

	private final EngineClock clock;

	private volatile @Nullable Consumer<Event> listener;

	public Events(EngineClock clock) {
		this.clock = clock;
	}

	/**
	 * Has somebody told of each event, on the thread that caused it, which may hold the
	 * monitor of a queue; null for nobody.
	 */
	public void listen(@Nullable Consumer<Event> newListener) {
		this.listener = newListener;
	}

	/**
	 * Whether anybody listens, where it takes more to find out what to tell.
	 */
	public boolean areHeard() {
		return this.listener != null;
	}

	/**
	 * Tells what did not happen to a message.
	 */
	public void tell(Happening happening, Origin origin, String queue, Supplier<String> detail) {
		tell(happening, origin, 0, null, queue, detail);
	}

	public void tell(Happening happening, Origin origin, Message message, String queue) {
		tell(happening, origin, message, queue, NO_DETAIL);
	}

	/**
	 * Tells what happened to a message that was shown before.
	 */
	public void tell(Happening happening, Origin origin, Message message, String queue, Supplier<String> detail) {
		tell(happening, origin, message.number(), null, queue, detail);
	}

	/**
	 * Tells what happened to a message, and shows it.
	 */
	public void show(Happening happening, Origin origin, MessageSnapshot message, String queue,
			Supplier<String> detail) {
		tell(happening, origin, message.number(), message, queue, detail);
	}

	private void tell(Happening happening, Origin origin, long message, @Nullable MessageSnapshot content, String queue,
			Supplier<String> detail) {
		Consumer<Event> current = this.listener;
		if (current != null) {
			current.accept(new Event(this.clock.millis(), happening, origin, message, content, queue, detail));
		}
	}

}
