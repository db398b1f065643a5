package dev.warren.broker.rabbitmq.stats;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what a connection received and sent. One thread at a time counts, others may
 * read.
 */
public final class Traffic {

	private final AtomicLong octetsReceived = new AtomicLong();

	private final AtomicLong octetsSent = new AtomicLong();

	private final AtomicLong reads = new AtomicLong();

	private final AtomicLong writes = new AtomicLong();

	public void received(long octets) {
		if (octets > 0) {
			add(this.octetsReceived, octets);
			add(this.reads, 1);
		}
	}

	public void sent(long octets) {
		if (octets > 0) {
			add(this.octetsSent, octets);
			add(this.writes, 1);
		}
	}

	private static void add(AtomicLong counter, long more) {
		counter.setRelease(counter.getPlain() + more);
	}

	public long octetsReceived() {
		return this.octetsReceived.get();
	}

	public long octetsSent() {
		return this.octetsSent.get();
	}

	/**
	 * How often something was received.
	 */
	public long reads() {
		return this.reads.get();
	}

	/**
	 * How often something was sent.
	 */
	public long writes() {
		return this.writes.get();
	}

}
