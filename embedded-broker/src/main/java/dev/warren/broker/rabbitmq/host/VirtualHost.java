package dev.warren.broker.rabbitmq.host;

import dev.warren.broker.rabbitmq.fault.Faults;
import dev.warren.broker.rabbitmq.queue.Queues;
import dev.warren.broker.rabbitmq.reply.DirectReplies;
import dev.warren.broker.rabbitmq.routing.Exchanges;
import dev.warren.broker.rabbitmq.stats.VirtualHostStats;
import dev.warren.broker.rabbitmq.store.MessageLog;

/**
 * A virtual host, as channels see it.
 *
 * @param consumerTimeout milliseconds in which a delivery is to be acknowledged, where
 * queue and consumer do not say so
 * @param faults what tests want to go wrong
 */
public record VirtualHost(Queues queues, DirectReplies directReplies, HalfSentMessages halfSentMessages,
		long consumerTimeout, Faults faults) {

	/**
	 * The name clients have for it.
	 */
	public String name() {
		return this.queues.virtualHostName();
	}

	public VirtualHostStats stats() {
		return this.queues.stats();
	}

	public Exchanges exchanges() {
		return this.queues.exchanges();
	}

	public MessageLog messageLog() {
		return this.queues.messageLog();
	}

}
