package dev.warren.broker.rabbitmq.queue;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

import dev.warren.broker.rabbitmq.arguments.ConsumerArguments;

/**
 * A channel's subscription to a queue, and how many messages it may still be given. The
 * queue reserves, on whatever thread it runs; the channel gives back, on its own.
 */
public final class Consumer {

	/**
	 * How many messages a queue assigns ahead of what the connection has written. Beyond
	 * that they wait in the queue, where another consumer may have them.
	 */
	private static final int MOST_UNSENT = 256;

	private final Outlet outlet;

	private final MessageQueue queue;

	private final String tag;

	private final byte[] tagBytes;

	private final boolean noAck;

	private final boolean exclusive;

	private final ConsumerArguments arguments;

	private final int prefetch;

	private final AtomicInteger unacked = new AtomicInteger();

	private final AtomicInteger unsent = new AtomicInteger();

	private volatile boolean waiting;

	private volatile boolean cancelled;

	private final long timeout;

	/** Deliveries that went back to the queue, and are not settled since. */
	private volatile int late;

	/**
	 * @param prefetch how many unacknowledged messages it may have, 0 for any number
	 * @param timeout milliseconds in which a delivery is to be settled,
	 * {@link Long#MAX_VALUE} for any time
	 */
	public Consumer(Outlet outlet, MessageQueue queue, String tag, boolean noAck, boolean exclusive,
			ConsumerArguments arguments, int prefetch, long timeout) {
		this.outlet = outlet;
		this.queue = queue;
		this.tag = tag;
		this.tagBytes = tag.getBytes(StandardCharsets.UTF_8);
		this.noAck = noAck;
		this.exclusive = exclusive;
		this.arguments = arguments;
		this.prefetch = prefetch;
		this.timeout = timeout;
	}

	public Outlet outlet() {
		return this.outlet;
	}

	public MessageQueue queue() {
		return this.queue;
	}

	public String tag() {
		return this.tag;
	}

	public byte[] tagBytes() {
		return this.tagBytes;
	}

	public boolean isNoAck() {
		return this.noAck;
	}

	public boolean isExclusive() {
		return this.exclusive;
	}

	/**
	 * How many unacknowledged messages it may have, 0 for any number.
	 */
	public int prefetch() {
		return this.prefetch;
	}

	/**
	 * What the client asked for.
	 */
	public ConsumerArguments arguments() {
		return this.arguments;
	}

	int priority() {
		return this.arguments.priority();
	}

	/**
	 * How many milliseconds it may take to settle a delivery.
	 */
	public long timeout() {
		return this.timeout;
	}

	/**
	 * Whether it gets nothing because it is late, and has nothing else to settle, so that
	 * another may become the active one.
	 */
	boolean isStuck() {
		return this.late > 0 && this.unacked.get() == 0;
	}

	/**
	 * Called by its channel, when deliveries go back to the queue because they were not
	 * settled in time: until they are, the consumer gets no others.
	 */
	public void timedOut(int deliveries) {
		this.late += deliveries;
	}

	/**
	 * Called by its channel when a delivery that went back is settled after all.
	 */
	public void settledLate() {
		this.late--;
		wakeIfWaiting();
	}

	public boolean isCancelled() {
		return this.cancelled;
	}

	public void cancel() {
		this.cancelled = true;
	}

	/**
	 * Called by the queue, which has a message for this consumer.
	 * @return whether the consumer takes it; if not, it asks again when it can
	 */
	boolean reserve() {
		if (tryReserve()) {
			return true;
		}
		this.waiting = true;
		// What was given back before the flag was seen is not lost.
		return tryReserve();
	}

	private boolean tryReserve() {
		if (this.cancelled || this.late > 0 || !this.outlet.isOpen() || this.unsent.get() >= MOST_UNSENT) {
			return false;
		}
		if (this.noAck) {
			// It has nothing to acknowledge, but waits for those on its channel who have.
			if (!this.outlet.prefetch().hasRoom()) {
				return false;
			}
		}
		else {
			if (!takeOne(this.unacked, this.prefetch)) {
				return false;
			}
			if (!this.outlet.prefetch().take()) {
				this.unacked.decrementAndGet();
				return false;
			}
		}
		this.unsent.incrementAndGet();
		return true;
	}

	static boolean takeOne(AtomicInteger taken, int limit) {
		if (limit == 0) {
			taken.incrementAndGet();
			return true;
		}
		int current = taken.get();
		while (current < limit) {
			if (taken.compareAndSet(current, current + 1)) {
				return true;
			}
			current = taken.get();
		}
		return false;
	}

	/**
	 * Called by the channel when it has written a message, or given it back unwritten.
	 */
	public void sent() {
		int left = this.unsent.decrementAndGet();
		if (this.waiting && left < MOST_UNSENT / 2) {
			wake();
		}
	}

	/**
	 * Called by the channel when a message is acknowledged or returned.
	 */
	public void settled() {
		if (!this.noAck) {
			this.unacked.decrementAndGet();
			wakeIfWaiting();
		}
	}

	public void wakeIfWaiting() {
		if (this.waiting) {
			wake();
		}
	}

	private void wake() {
		this.waiting = false;
		this.queue.consumerReady();
	}

}
