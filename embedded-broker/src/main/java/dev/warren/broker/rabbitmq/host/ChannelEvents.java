package dev.warren.broker.rabbitmq.host;

import java.util.Collection;
import java.util.stream.Collectors;

import dev.warren.broker.rabbitmq.event.Detail;
import dev.warren.broker.rabbitmq.event.Events;
import dev.warren.broker.rabbitmq.event.Happening;
import dev.warren.broker.rabbitmq.event.Origin;
import dev.warren.broker.rabbitmq.queue.Consumer;
import dev.warren.broker.rabbitmq.queue.MessageQueue;
import dev.warren.broker.rabbitmq.queue.QueuedMessage;
import dev.warren.broker.rabbitmq.routing.Binding;
import dev.warren.broker.rabbitmq.routing.Exchange;
import dev.warren.broker.rabbitmq.routing.Routing;
import dev.warren.broker.rabbitmq.stats.ChannelStats;
import dev.warren.broker.rabbitmq.stats.Churn;
import dev.warren.broker.rabbitmq.stats.Count;
import dev.warren.broker.rabbitmq.store.Message;
import dev.warren.broker.rabbitmq.store.MessageSnapshot;
import dev.warren.broker.rabbitmq.wire.ProtocolException;

/**
 * Counts what happens on a channel, and tells those who listen to the virtual host.
 */
public final class ChannelEvents {

	private static final String NO_QUEUE = "";

	private final Events events;

	private final VirtualHost virtualHost;

	private final Origin origin;

	private final ClientLog log;

	private final ChannelStats stats;

	/**
	 * For somebody who has no channel.
	 */
	public ChannelEvents(VirtualHostAccess access) {
		this(access, 0, access.virtualHost().stats().broker());
	}

	public ChannelEvents(VirtualHostAccess access, int channel, ChannelStats stats) {
		this(access.virtualHost(), new Origin(access.connectionName(), channel), access.log(), stats);
	}

	ChannelEvents(VirtualHost virtualHost, Origin origin, ClientLog log, ChannelStats stats) {
		this.virtualHost = virtualHost;
		this.events = virtualHost.queues().events();
		this.origin = origin;
		this.log = log;
		this.stats = stats;
	}

	/**
	 * Counts a message that is published.
	 * @param queues those it is routed to, also those that are full
	 */
	public void published(Exchange exchange, Collection<MessageQueue> queues, boolean mandatory) {
		this.stats.published(queues.isEmpty(), mandatory);
		exchange.stats().published(queues.size());
		for (MessageQueue queue : queues) {
			queue.stats().counters().increment(Count.PUBLISH);
		}
	}

	public void confirmed(long messages) {
		this.stats.confirmed(messages);
	}

	boolean areHeard() {
		return this.events.areHeard();
	}

	/**
	 * @param number by which the client knows the message
	 */
	void confirmed(Happening happening, long number, long message) {
		this.events.tell(happening, this.origin, message, NO_QUEUE, new Detail.Settlement(number, ""));
	}

	/**
	 * What there is to tell of a message that was just routed.
	 */
	public Publication publication(Message message, Exchange exchange, Routing<MessageQueue> routing) {
		return this.events.areHeard()
				? new Publication.Heard(this.virtualHost, this.origin, exchange, message, routing.ways())
				: Publication.UNHEARD;
	}

	public void replied(Message message, boolean sent) {
		this.stats.published(!sent, false);
		if (!this.events.areHeard()) {
			return;
		}
		MessageSnapshot snapshot = this.events.snapshot(message);
		this.events.show(Happening.PUBLISHED, this.origin, snapshot, NO_QUEUE, Detail.NONE);
		if (sent) {
			this.events.show(Happening.ROUTED, this.origin, snapshot, snapshot.routingKey(),
					new Detail.Reason(() -> "as a direct reply"));
		}
		else {
			this.events.show(Happening.UNROUTABLE, this.origin, snapshot, NO_QUEUE,
					new Detail.Reason(() -> "nobody waits for this direct reply"));
		}
	}

	public void returned(Message message) {
		this.events.tell(Happening.RETURNED, this.origin, message, NO_QUEUE);
	}

	public void refused(Message message, MessageQueue queue) {
		this.events.tell(Happening.REFUSED, this.origin, message, queue.name(), Detail.FULL);
	}

	public void delivered(QueuedMessage message, long tag, boolean noAck) {
		tellDelivery(message, tag, noAck, noAck ? Count.DELIVER_NO_ACK : Count.DELIVER);
	}

	public void got(QueuedMessage message, long tag, boolean noAck) {
		tellDelivery(message, tag, noAck, noAck ? Count.GET_NO_ACK : Count.GET);
	}

	public void gotNothing(MessageQueue queue) {
		count(queue, Count.GET_EMPTY);
	}

	private void count(MessageQueue queue, Count count) {
		this.stats.counters().increment(count);
		queue.stats().counters().increment(count);
	}

	void count(QueuedMessage message, Count count) {
		count(message.queue(), count);
		if (message.isRedelivered()) {
			count(message.queue(), Count.REDELIVER);
		}
	}

	void countAcknowledged(Collection<QueuedMessage> messages) {
		messages.forEach((message) -> count(message.queue(), Count.ACK));
	}

	public void deliveredReply(Message message, String consumer, long tag) {
		if (this.events.areHeard()) {
			this.events.tell(Happening.DELIVERED, this.origin, message, message.routingKey(),
					new Detail.Delivery(consumer, tag, false, true));
		}
	}

	private void tellDelivery(QueuedMessage message, long tag, boolean noAck, Count count) {
		count(message, count);
		if (this.events.areHeard()) {
			Consumer consumer = message.consumer();
			this.events.tell(Happening.DELIVERED, this.origin, message.message(), message.queue().name(),
					new Detail.Delivery((consumer != null) ? consumer.tag() : null, tag, message.isRedelivered(),
							noAck));
		}
	}

	public void settled(Collection<QueuedMessage> messages, Happening happening) {
		if (happening == Happening.ACKNOWLEDGED) {
			countAcknowledged(messages);
		}
		tell(messages, happening, "");
	}

	/**
	 * Messages went back to their queue though nobody asked for that.
	 */
	public void cameBack(Collection<QueuedMessage> messages, String why) {
		tell(messages, Happening.REQUEUED, why);
	}

	private void tell(Collection<QueuedMessage> messages, Happening happening, String why) {
		if (this.events.areHeard()) {
			for (QueuedMessage message : messages) {
				this.events.tell(happening, this.origin, message.message(), message.queue().name(),
						new Detail.Settlement(message.deliveryTag(), why));
			}
		}
	}

	/**
	 * Messages went back to their queue since they were not acknowledged in time.
	 */
	public void late(Collection<QueuedMessage> messages) {
		cameBack(messages, "not acknowledged in time");
		messages.stream()
			.collect(Collectors.groupingBy((message) -> message.queue().name(), Collectors.counting()))
			.forEach((queue, count) -> this.log.late(this.origin.channel(), queue, count.intValue()));
	}

	public void consumes(Consumer consumer) {
		tell(Happening.CONSUMING, consumer);
	}

	public void cancelled(Consumer consumer) {
		tell(Happening.CANCELLED, consumer);
	}

	private void tell(Happening happening, Consumer consumer) {
		this.events.tell(happening, this.origin, consumer.queue().name(),
				new Detail.Subscription(consumer.tag(), consumer.isNoAck()));
	}

	public void declared(MessageQueue queue) {
		this.virtualHost.stats().count(Churn.QUEUE_DECLARED);
		this.events.tell(Happening.QUEUE_DECLARED, this.origin, queue.name(), Detail.NONE);
	}

	public void bound(Binding binding) {
		this.events.tell(Happening.BOUND, this.origin,
				(binding.target() instanceof MessageQueue queue) ? queue.name() : NO_QUEUE, binding.way());
	}

	public void purged(MessageQueue queue, int messages) {
		this.events.tell(Happening.PURGED, this.origin, queue.name(), new Detail.Removal(messages, false));
	}

	/**
	 * @param method the one that is to blame, 0 if none is
	 */
	public void failed(int method, ProtocolException error) {
		this.log.channelFailed(this.origin.channel(), method, error);
		this.events.tell(Happening.CHANNEL_CLOSED, this.origin, NO_QUEUE,
				new Detail.Reason(() -> String.valueOf(error.getMessage())));
	}

}
