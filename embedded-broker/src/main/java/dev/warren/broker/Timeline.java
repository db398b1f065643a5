package dev.warren.broker;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import dev.warren.broker.rabbitmq.event.Event;
import dev.warren.broker.rabbitmq.event.Happening;
import dev.warren.broker.rabbitmq.store.MessageSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * What happened in a virtual host since the last {@linkplain EmbeddedBroker#reset()
 * reset}, whichever clients did it: what was published, by which binding it came to which
 * queue, who got it, and what became of it. Its text is made to be read, in the failure
 * of a test for instance.
 * <p>
 * It keeps the last 10,000 events, fewer if their messages are large.
 */
public final class Timeline {

	static final int MOST_ENTRIES = 10_000;

	static final long MOST_OCTETS = 32L * 1024 * 1024;

	private static final int MOST_LINES_OF_ALL = 200;

	/** Of what is about a queue. */
	private static final int MOST_LINES = 40;

	/** What is looked at again though nothing happened, in milliseconds. */
	private static final long LOOK_AGAIN = 20;

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

	private final boolean kept;

	private final Deque<Event> events = new ArrayDeque<>();

	private long added;

	private long octets;

	private @Nullable Event lastForgotten;

	private long forgotten;

	private int waiting;

	/**
	 * @param kept whether it is told what happens
	 */
	Timeline(boolean kept) {
		this.kept = kept;
	}

	synchronized void add(Event event) {
		this.octets += weight(event, this.events.peekLast());
		this.events.add(event);
		this.added++;
		while (this.events.size() > MOST_ENTRIES || (this.octets > MOST_OCTETS && this.events.size() > 1)) {
			Event first = this.events.remove();
			this.octets -= weight(first, this.lastForgotten);
			this.lastForgotten = first;
			this.forgotten++;
		}
		if (this.waiting > 0) {
			notifyAll();
		}
	}

	/**
	 * Events that follow one another are often about the same message, of which there is
	 * one copy.
	 */
	private static int weight(Event event, @Nullable Event before) {
		MessageSnapshot content = event.content();
		return (content == null || (before != null && before.content() == content)) ? 0 : content.weight();
	}

	synchronized void clear() {
		this.events.clear();
		this.lastForgotten = null;
		this.octets = 0;
		this.forgotten = 0;
	}

	/**
	 * Waits until something holds, and looks again whenever something happened.
	 * @return whether it holds in that time
	 */
	public boolean holdsWithin(Duration atMost, BooleanSupplier condition) {
		// Of durations that are too long, this is the longest there is.
		long deadline = System.nanoTime() + Math.max(0, TimeUnit.NANOSECONDS.convert(atMost));
		try {
			long seen = added();
			while (!condition.getAsBoolean()) {
				long left = (deadline - System.nanoTime()) / 1_000_000;
				if (left <= 0) {
					return condition.getAsBoolean();
				}
				awaitMore(seen, Math.min(left, LOOK_AGAIN));
				seen = added();
			}
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return condition.getAsBoolean();
		}
	}

	private synchronized long added() {
		return this.added;
	}

	private synchronized void awaitMore(long seen, long millis) throws InterruptedException {
		if (this.added == seen) {
			this.waiting++;
			// Not everything is an event, and an event may be told before it has had its
			// effect.
			try {
				wait(millis);
			}
			finally {
				this.waiting--;
			}
		}
	}

	private synchronized List<Event> snapshot() {
		return new ArrayList<>(this.events);
	}

	/**
	 * All that happened, in order.
	 */
	public List<Entry> entries() {
		return snapshot().stream().map(Entry::of).toList();
	}

	/**
	 * How many events were forgotten, the first ones, because there were too many.
	 */
	public synchronized long forgotten() {
		return this.forgotten;
	}

	/**
	 * The messages that came to that queue, in order, whether or not they are still
	 * there.
	 * @throws IllegalStateException if the broker keeps no timeline
	 */
	public List<BrokerMessage> receivedBy(String queue) {
		return messages((event) -> event.happening() == Happening.ROUTED && event.queue().equals(queue));
	}

	/**
	 * The messages that were published, to any exchange, in order.
	 * @throws IllegalStateException if the broker keeps no timeline
	 */
	public List<BrokerMessage> published() {
		return messages((event) -> event.happening() == Happening.PUBLISHED);
	}

	/**
	 * The messages that no queue got, in order.
	 * @throws IllegalStateException if the broker keeps no timeline
	 */
	public List<BrokerMessage> unroutable() {
		return messages((event) -> event.happening() == Happening.UNROUTABLE);
	}

	private List<BrokerMessage> messages(Predicate<Event> condition) {
		if (!this.kept) {
			throw new IllegalStateException(
					"The broker keeps no timeline, and does not know its messages: start it with timeline(true), or 'warren.broker.timeline'");
		}
		List<BrokerMessage> messages = new ArrayList<>();
		for (Event event : snapshot()) {
			MessageSnapshot content = event.content();
			if (content != null && condition.test(event)) {
				messages.add(new BrokerMessage(content));
			}
		}
		return messages;
	}

	/**
	 * What happened in that queue, to the messages that were in it, to those that no
	 * queue got and to those that are of interest: the last 40 events, a line for each.
	 */
	public String about(String queue, Predicate<BrokerMessage> ofInterest) {
		List<Event> all = snapshot();
		Set<Long> numbers = new HashSet<>();
		for (Event event : all) {
			MessageSnapshot content = event.content();
			if (event.message() > 0 && (event.queue().equals(queue) || event.happening() == Happening.UNROUTABLE
					|| (content != null && ofInterest.test(new BrokerMessage(content))))) {
				numbers.add(event.message());
			}
		}
		List<Event> about = all.stream()
			.filter((event) -> (event.message() > 0) ? numbers.contains(event.message())
					: event.queue().isEmpty() || event.queue().equals(queue))
			.toList();
		return text(about, MOST_LINES);
	}

	private String text(List<Event> about, int most) {
		int from = Math.max(0, about.size() - most);
		StringBuilder text = new StringBuilder();
		long before = from + forgotten();
		if (before > 0) {
			text.append("… ").append(before).append(" events before\n");
		}
		about.subList(from, about.size()).forEach((event) -> text.append(Entry.of(event)).append('\n'));
		if (!text.isEmpty()) {
			return text.toString();
		}
		return this.kept ? "nothing\n" : "unknown, the broker keeps no timeline\n";
	}

	/**
	 * The last 200 events, a line for each.
	 */
	@Override
	public String toString() {
		return text(snapshot(), MOST_LINES_OF_ALL);
	}

	/**
	 * Something that happened.
	 *
	 * @param time when
	 * @param what in a word or two, such as {@code published}, {@code routed} or
	 * {@code dead lettered}
	 * @param connection what the client calls its connection; {@code broker} if it was no
	 * client
	 * @param channel the number of the channel, 0 if it is of none
	 * @param message which message of the virtual host, 0 if it is about none; a dead
	 * letter has the number of the message it was
	 * @param content the message as it was then, where it came to the broker or to a
	 * queue, or null
	 * @param queue the queue it happened in; empty if in none
	 * @param detail more about it; may be empty
	 */
	public record Entry(Instant time, String what, String connection, int channel, long message,
			@Nullable BrokerMessage content, String queue, String detail) {

		private static Entry of(Event event) {
			MessageSnapshot content = event.content();
			String connection = event.origin().connection();
			return new Entry(Instant.ofEpochMilli(event.time()),
					event.happening().name().toLowerCase(Locale.ROOT).replace('_', ' '),
					connection.isEmpty() ? "broker" : connection, event.origin().channel(), event.message(),
					(content != null) ? new BrokerMessage(content) : null, event.queue(), event.detail().text());
		}

		/**
		 * The same in a line.
		 */
		@Override
		public String toString() {
			StringBuilder line = new StringBuilder();
			line.append(TIME.format(LocalTime.ofInstant(this.time, ZoneId.systemDefault())));
			line.append(" [").append(this.connection);
			if (this.channel > 0) {
				line.append('/').append(this.channel);
			}
			line.append("] ");
			if (this.message > 0) {
				line.append('#').append(this.message).append(' ');
			}
			line.append(this.what);
			if (this.what.equals("published") && this.content != null) {
				String exchange = this.content.exchange();
				line.append(exchange.isEmpty() ? " to the default exchange" : " to exchange '" + exchange + "'")
					.append(": ")
					.append(this.content);
			}
			if (!this.queue.isEmpty()) {
				line.append(switch (this.what) {
					case "routed" -> " to queue '";
					case "queue declared", "queue deleted" -> " '";
					case "delivered", "consuming", "dead lettered" -> " from queue '";
					default -> " in queue '";
				}).append(this.queue).append('\'');
			}
			if (!this.detail.isEmpty()) {
				line.append(this.what.equals("routed") ? " " : ", ").append(this.detail);
			}
			return MessageText.line(line.toString());
		}

	}

}
