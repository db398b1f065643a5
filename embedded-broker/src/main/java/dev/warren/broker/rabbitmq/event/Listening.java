package dev.warren.broker.rabbitmq.event;

import java.util.function.Consumer;

/**
 * That somebody is told of events, until it is closed.
 */
public final class Listening implements AutoCloseable {

	private final Events events;

	private final long since;

	private final int mostOfBody;

	private final Consumer<Event> listener;

	Listening(Events events, long since, int mostOfBody, Consumer<Event> listener) {
		this.events = events;
		this.since = since;
		this.mostOfBody = mostOfBody;
		this.listener = listener;
	}

	/**
	 * The number of the last event before.
	 */
	public long since() {
		return this.since;
	}

	int mostOfBody() {
		return this.mostOfBody;
	}

	void hear(Event event) {
		this.listener.accept(event);
	}

	@Override
	public void close() {
		this.events.end(this);
	}

}
