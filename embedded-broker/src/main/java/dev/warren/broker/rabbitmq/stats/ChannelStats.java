package dev.warren.broker.rabbitmq.stats;

/**
 * Counts what passes on a channel. The channel's I/O thread counts, others may read.
 */
public final class ChannelStats {

	private final Counters counters = new Counters();

	/**
	 * A message was routed.
	 * @param unroutable whether to no queue
	 */
	public void published(boolean unroutable, boolean mandatory) {
		this.counters.increment(Count.PUBLISH);
		if (unroutable) {
			this.counters.increment(mandatory ? Count.RETURN_UNROUTABLE : Count.DROP_UNROUTABLE);
		}
	}

	public void confirmed(long messages) {
		this.counters.add(Count.CONFIRM, messages);
	}

	public Counters counters() {
		return this.counters;
	}

}
