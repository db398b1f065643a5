package dev.warren.broker;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import dev.warren.broker.rabbitmq.queue.MessageQueue;
import org.jspecify.annotations.Nullable;

/**
 * A queue, for a test to look at. It need not exist yet, and what it tells is how things
 * are at that moment.
 */
public final class BrokerQueue {

	private final VirtualHostView virtualHost;

	private final String name;

	BrokerQueue(VirtualHostView virtualHost, String name) {
		this.virtualHost = virtualHost;
		this.name = name;
	}

	public String name() {
		return this.name;
	}

	public boolean exists() {
		return queue() != null;
	}

	/**
	 * How many messages wait in the queue, 0 if there is no such queue.
	 */
	public int ready() {
		MessageQueue queue = queue();
		return (queue != null) ? queue.readyCount() : 0;
	}

	/**
	 * How many messages consumers have and did not acknowledge.
	 */
	public int unacknowledged() {
		MessageQueue queue = queue();
		return (queue != null) ? Math.max(0, queue.stats().messages().intValue() - queue.readyCount()) : 0;
	}

	/**
	 * How many consumers the queue has, 0 if there is no such queue.
	 */
	public int consumers() {
		MessageQueue queue = queue();
		return (queue != null) ? queue.consumers().size() : 0;
	}

	/**
	 * The messages that came to the queue since the last
	 * {@linkplain EmbeddedBroker#reset() reset}, in order, whether or not somebody took
	 * them meanwhile.
	 */
	public List<BrokerMessage> received() {
		return timeline().receivedBy(this.name);
	}

	/**
	 * Takes the first message out of the queue, if there is one.
	 * @throws IllegalArgumentException if there is no such queue
	 */
	public Optional<BrokerMessage> get() {
		return this.virtualHost.get(this.name);
	}

	/**
	 * Takes the first message out of the queue and waits for it if need be.
	 * @throws AssertionError with the timeline of the queue, if there is none in that
	 * time
	 */
	public BrokerMessage get(Duration atMost) {
		AtomicReference<@Nullable BrokerMessage> taken = new AtomicReference<>();
		this.virtualHost.await("a message in " + this, atMost, () -> {
			taken.set(exists() ? get().orElse(null) : null);
			return taken.get() != null;
		}, () -> timeline().about(this.name, (message) -> false));
		return Objects.requireNonNull(taken.get());
	}

	/**
	 * Empties the queue of what nobody has.
	 * @return how many messages it had
	 * @throws IllegalArgumentException if there is no such queue
	 */
	public int purge() {
		return this.virtualHost.existing(this.name).purge();
	}

	/**
	 * What happened in its virtual host.
	 */
	public Timeline timeline() {
		return this.virtualHost.timeline();
	}

	private @Nullable MessageQueue queue() {
		return this.virtualHost.queue(this.name);
	}

	/**
	 * The queue with its counts.
	 */
	@Override
	public String toString() {
		return exists() ? "queue '%s' (%d ready, %d unacknowledged, %d consumers)".formatted(this.name, ready(),
				unacknowledged(), consumers()) : "queue '" + this.name + "', which does not exist";
	}

}
