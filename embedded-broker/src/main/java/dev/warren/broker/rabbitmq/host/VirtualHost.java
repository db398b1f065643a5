package dev.warren.broker.rabbitmq.host;

import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

import dev.warren.broker.rabbitmq.fault.Faults;
import dev.warren.broker.rabbitmq.queue.MessageQueue;
import dev.warren.broker.rabbitmq.queue.Queues;
import dev.warren.broker.rabbitmq.reply.DirectReplies;
import dev.warren.broker.rabbitmq.routing.Exchange;
import dev.warren.broker.rabbitmq.routing.Exchanges;
import dev.warren.broker.rabbitmq.stats.VirtualHostStats;
import dev.warren.broker.rabbitmq.store.MessageLog;
import dev.warren.broker.rabbitmq.store.QueueDefinition;
import org.jspecify.annotations.Nullable;

/**
 * A virtual host, as channels see it.
 *
 * @param consumerTimeout milliseconds in which a delivery is to be acknowledged, where
 * queue and consumer do not say so
 * @param faults what tests want to go wrong
 * @param defaultQueueType of which type a queue is that is declared without one, or null
 * for none that has to be named
 */
public record VirtualHost(Queues queues, DirectReplies directReplies, HalfSentMessages halfSentMessages,
		long consumerTimeout, Faults faults, Supplier<@Nullable String> defaultQueueType) {

	/**
	 * The name clients have for it.
	 */
	public String name() {
		return this.queues.virtualHostName();
	}

	public VirtualHostStats stats() {
		return this.queues.stats();
	}

	/**
	 * A queue that is declared, of the type that it has here.
	 */
	public QueueDefinition typed(QueueDefinition declared) {
		String type = this.defaultQueueType.get();
		return (type != null) ? declared.ofTypeByDefault(type) : declared;
	}

	public Exchanges exchanges() {
		return this.queues.exchanges();
	}

	public List<MessageQueue> queuesByName() {
		return this.queues.all().stream().sorted(Comparator.comparing(MessageQueue::name)).toList();
	}

	public List<Exchange> exchangesByName() {
		return exchanges().all().stream().sorted(Comparator.comparing(Exchange::name)).toList();
	}

	public MessageLog messageLog() {
		return this.queues.messageLog();
	}

}
