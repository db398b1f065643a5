package dev.warren.broker.rabbitmq.stats;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts what passes in a virtual host. Its channels count, each for itself; when
 * somebody asks that is added up.
 */
public final class VirtualHostStats {

	private final AtomicLongArray churn = new AtomicLongArray(Churn.values().length);

	/** Guarded by itself, as is what those that have ended did. */
	private final Set<ChannelStats> channels = new HashSet<>();

	private final Counters ended = new Counters();

	private final Counters ofClassicQueues = new Counters();

	private final Counters ofQuorumQueues = new Counters();

	private final ChannelStats broker = new ChannelStats();

	public VirtualHostStats() {
		this.channels.add(this.broker);
	}

	public void count(Churn what) {
		this.churn.getAndIncrement(what.ordinal());
	}

	public long get(Churn what) {
		return this.churn.get(what.ordinal());
	}

	public ChannelStats openChannel() {
		ChannelStats channel = new ChannelStats();
		count(Churn.CHANNEL_CREATED);
		synchronized (this.channels) {
			this.channels.add(channel);
		}
		return channel;
	}

	public void closeChannel(ChannelStats channel) {
		synchronized (this.channels) {
			if (this.channels.remove(channel)) {
				count(Churn.CHANNEL_CLOSED);
				this.ended.addAll(channel.counters());
			}
		}
	}

	/**
	 * A queue is gone; what it counted is not.
	 */
	public void queueDeleted(QueueStats queue, boolean quorum) {
		count(Churn.QUEUE_DELETED);
		ofDeletedQueues(quorum).addAll(queue.counters());
	}

	/**
	 * What queues counted that are deleted.
	 */
	public Counters ofDeletedQueues(boolean quorum) {
		return quorum ? this.ofQuorumQueues : this.ofClassicQueues;
	}

	/**
	 * For what the broker itself does without a channel.
	 */
	public ChannelStats broker() {
		return this.broker;
	}

	/**
	 * What all channels did until now.
	 */
	public Counters total() {
		Counters total = new Counters();
		synchronized (this.channels) {
			total.addAll(this.ended);
			this.channels.forEach((channel) -> total.addAll(channel.counters()));
		}
		return total;
	}

}
