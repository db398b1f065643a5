package dev.warren.broker.rabbitmq.stats;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what comes to an exchange, and how many queues it gives that to.
 */
public final class ExchangeStats {

	private final LongAdder in = new LongAdder();

	private final LongAdder out = new LongAdder();

	/**
	 * A message was routed to so many queues.
	 */
	public void published(int queues) {
		this.in.increment();
		if (queues > 0) {
			this.out.add(queues);
		}
	}

	public long in() {
		return this.in.sum();
	}

	public long out() {
		return this.out.sum();
	}

}
