package dev.warren.broker.management.events;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import dev.warren.broker.rabbitmq.event.Event;
import dev.warren.broker.rabbitmq.store.MessageSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * The events that one reader has still to read. When there are too many, it loses the
 * first ones, and whoever adds does not wait.
 */
final class EventBuffer {

	static final int MOST_EVENTS = 10_000;

	static final long MOST_OCTETS = 8L * 1024 * 1024;

	/** What an event takes besides the copy of a message. */
	private static final int EVENT_OCTETS = 256;

	/**
	 * Twenty times a second this is more than a page can draw. Without a limit, a reader
	 * of a busy broker would keep a processor writing JSON.
	 */
	static final int MOST_EVENTS_OF_BATCH = 2000;

	private static final long MOST_OCTETS_OF_BATCH = 1024L * 1024;

	private final Deque<Weighed> events = new ArrayDeque<>();

	private long octets;

	private long lost;

	private @Nullable MessageSnapshot lastContent;

	synchronized void add(Event event) {
		MessageSnapshot content = event.content();
		// Events that follow one another are often about the same copy of a message.
		int weight = EVENT_OCTETS + ((content == null || content == this.lastContent) ? 0 : content.weight());
		this.lastContent = content;
		this.events.add(new Weighed(event, weight));
		this.octets += weight;
		while (this.events.size() > MOST_EVENTS || this.octets > MOST_OCTETS) {
			this.octets -= this.events.remove().octets();
			this.lost++;
		}
	}

	/**
	 * Takes out the next events, but not more than one batch should have.
	 */
	synchronized Batch take() {
		List<Event> taken = new ArrayList<>();
		long weight = 0;
		Weighed next = this.events.peek();
		while (next != null && taken.size() < MOST_EVENTS_OF_BATCH && weight < MOST_OCTETS_OF_BATCH) {
			this.events.remove();
			taken.add(next.event());
			weight += next.octets();
			next = this.events.peek();
		}
		this.octets -= weight;
		Batch batch = new Batch(this.lost, taken);
		this.lost = 0;
		return batch;
	}

	private record Weighed(Event event, int octets) {

	}

	/**
	 * What a reader gets at once.
	 *
	 * @param lost how many events it lost before these
	 */
	record Batch(long lost, List<Event> events) {

	}

}
