package dev.warren.broker.rabbitmq.channel;

import java.util.List;

import dev.warren.broker.rabbitmq.queue.Consumer;
import dev.warren.broker.rabbitmq.stats.ChannelStats;

/**
 * A channel as somebody else sees it.
 *
 * @param prefetch of each new consumer, 0 for any number
 * @param globalPrefetch of all consumers together, 0 for any number
 * @param confirms whether it is in confirm mode
 * @param transactional whether it is in transaction mode
 * @param uncommitted how many messages were published in the transaction
 * @param acksUncommitted how many deliveries were settled in the transaction
 */
public record ChannelSnapshot(int number, int prefetch, int globalPrefetch, boolean confirms, boolean transactional,
		int unacknowledged, long unconfirmed, int uncommitted, int acksUncommitted, List<Consumer> consumers,
		ChannelStats stats) {

}
