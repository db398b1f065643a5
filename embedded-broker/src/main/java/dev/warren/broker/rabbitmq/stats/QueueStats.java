package dev.warren.broker.rabbitmq.stats;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what comes to a queue and what is taken from it.
 */
public final class QueueStats {

	private final LongAdder messages = new LongAdder();

	private final Counters counters = new Counters();

	/**
	 * Counts the messages in the queue and at its consumers.
	 */
	public LongAdder messages() {
		return this.messages;
	}

	public Counters counters() {
		return this.counters;
	}

}
