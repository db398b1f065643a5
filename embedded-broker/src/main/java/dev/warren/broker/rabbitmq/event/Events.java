package dev.warren.broker.rabbitmq.event;

import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.warren.broker.rabbitmq.store.Message;
import dev.warren.broker.rabbitmq.time.EngineClock;
import org.jspecify.annotations.Nullable;

/**
 * The events of a virtual host, as they happen. While nobody listens they cost next to
 * nothing.
 */
public final class Events {

	private static final Supplier<String> NO_DETAIL = () -> "";

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

	public void tell(Happening happening, Origin origin, @Nullable Message message, String queue) {
		tell(happening, origin, message, queue, NO_DETAIL);
	}

	public void tell(Happening happening, Origin origin, @Nullable Message message, String queue,
			Supplier<String> detail) {
		Consumer<Event> current = this.listener;
		if (current != null) {
			current.accept(new Event(this.clock.millis(), happening, origin,
					(message != null) ? message.snapshot() : null, queue, detail));
		}
	}

}
