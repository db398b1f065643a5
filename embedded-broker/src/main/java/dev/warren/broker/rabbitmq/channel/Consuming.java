package dev.warren.broker.rabbitmq.channel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.warren.broker.rabbitmq.arguments.ConsumerArguments;
import dev.warren.broker.rabbitmq.host.ChannelEvents;
import dev.warren.broker.rabbitmq.host.ClientUsage;
import dev.warren.broker.rabbitmq.host.Consumers;
import dev.warren.broker.rabbitmq.host.Deliveries;
import dev.warren.broker.rabbitmq.host.VirtualHost;
import dev.warren.broker.rabbitmq.queue.Consumer;
import dev.warren.broker.rabbitmq.queue.MessageQueue;
import dev.warren.broker.rabbitmq.queue.Prefetch;
import dev.warren.broker.rabbitmq.queue.QueuedMessage;
import dev.warren.broker.rabbitmq.queue.Taken;
import dev.warren.broker.rabbitmq.queue.UnackedMessages;
import dev.warren.broker.rabbitmq.reply.DirectReplies;
import dev.warren.broker.rabbitmq.upgrade.Change;
import dev.warren.broker.rabbitmq.wire.Method;
import dev.warren.broker.rabbitmq.wire.Names;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import dev.warren.broker.rabbitmq.wire.Wire;
import org.jspecify.annotations.Nullable;

/**
 * What a channel consumes: its consumers, what they were sent, and what became of it.
 */
final class Consuming {

	private final Channel channel;

	private final VirtualHost virtualHost;

	private final ClientUsage usage;

	private final ConsumerTimeouts timeouts;

	private final Consumers consumers = new Consumers();

	private final UnackedMessages unacked = new UnackedMessages();

	/** Acknowledged, but not yet forgotten: the store is told of many at once. */
	private final List<QueuedMessage> acknowledged = new ArrayList<>();

	private final Prefetch prefetch = new Prefetch();

	private volatile int consumerPrefetch;

	private @Nullable ChannelTransaction transaction;

	private final DirectReplyConsuming replies;

	private final ChannelEvents events;

	private final Deliveries deliveries;

	Consuming(Channel channel, VirtualHost virtualHost, ClientUsage usage) {
		this.channel = channel;
		this.virtualHost = virtualHost;
		this.usage = usage;
		this.replies = new DirectReplyConsuming(channel, virtualHost);
		this.events = channel.events();
		this.deliveries = new Deliveries(virtualHost, channel.writer(), channel.id(), this.unacked, this.events);
		this.timeouts = new ConsumerTimeouts(channel, virtualHost, this, usage);
	}

	Consumers consumers() {
		return this.consumers;
	}

	int consumerPrefetch() {
		return this.consumerPrefetch;
	}

	UnackedMessages unacked() {
		return this.unacked;
	}

	Prefetch prefetch() {
		return this.prefetch;
	}

	void selectTransaction(ChannelTransaction selected) {
		this.transaction = selected;
	}

	void qos(long prefetchSize, int prefetchCount, boolean global) {
		if (prefetchSize != 0) {
			throw ReplyCode.NOT_IMPLEMENTED.error("prefetch_size!=0 (%d)", prefetchSize);
		}
		if (global) {
			this.usage.count(Change.GLOBAL_PREFETCH, "");
		}
		if (global && this.virtualHost.queues().dialect().sharesGlobalPrefetch()) {
			this.prefetch.limit(prefetchCount);
			this.consumers.wake();
		}
		else {
			this.consumerPrefetch = prefetchCount;
		}
	}

	/**
	 * @return the consumer tag
	 */
	String consume(String queueName, String wantedTag, boolean noAck, boolean exclusive,
			Map<String, @Nullable Object> arguments) {
		if (this.consumers.has(wantedTag) || this.replies.has(wantedTag)) {
			throw ReplyCode.NOT_ALLOWED.error("attempt to reuse consumer tag '%s'", wantedTag);
		}
		String tag = wantedTag.isEmpty() ? Names.generate("amq.ctag-") : wantedTag;
		if (queueName.equals(DirectReplies.PSEUDO_QUEUE)) {
			this.replies.start(tag, noAck);
			return tag;
		}
		MessageQueue queue = this.channel.declarations().readableQueue(queueName);
		this.channel.declarations().checkNotLocked(queue);
		if (this.prefetch.isLimited() && queue.arguments().quorum()) {
			throw ReplyCode.NOT_IMPLEMENTED.error("%s does not support global qos",
					Names.queue(queue.name(), this.virtualHost.name()));
		}
		ConsumerArguments checked = ConsumerArguments.of(arguments, Names.queue(queue.name(), this.virtualHost.name()),
				queue.arguments(), this.virtualHost.queues().dialect());
		this.usage.consumes(queue, arguments);
		Consumer consumer = new Consumer(this.channel, queue, tag, noAck, exclusive, checked, this.consumerPrefetch,
				this.timeouts.of(queue, checked.timeout()));
		queue.addConsumer(consumer);
		this.consumers.add(consumer);
		this.events.consumes(consumer);
		return tag;
	}

	DirectReplyConsuming replies() {
		return this.replies;
	}

	/**
	 * Sends the next reply to a request of this channel's.
	 * @return how many octets, roughly; 0 if there was none
	 */
	long deliverReply() {
		long size = this.replies.deliver(this.unacked);
		return (size >= 0) ? octets(size) : 0;
	}

	private static long octets(long bodySize) {
		return bodySize + Wire.FRAME_MIN_SIZE / 16;
	}

	void cancel(String tag) {
		if (this.replies.has(tag)) {
			this.replies.stop();
		}
		Consumer consumer = this.consumers.remove(tag);
		if (consumer != null) {
			end(consumer);
		}
	}

	private void end(Consumer consumer) {
		consumer.cancel();
		this.events.cancelled(consumer);
		if (consumer.queue().removeConsumer(consumer)) {
			this.virtualHost.queues().deleteIfUnused(consumer.queue());
		}
	}

	/**
	 * Cancels the consumers of a queue that is there nevertheless.
	 * @return the consumers
	 */
	List<Consumer> cancelAll(String queue) {
		List<Consumer> cancelled = this.consumers.removeAllOf(queue);
		for (Consumer consumer : cancelled) {
			consumer.cancel();
			consumer.queue().removeConsumer(consumer);
			this.events.cancelled(consumer);
		}
		return cancelled;
	}

	/**
	 * A consumer's queue is gone.
	 * @return whether the consumer was still there
	 */
	boolean queueDeleted(Consumer consumer) {
		consumer.cancel();
		this.events.cancelled(consumer);
		return this.consumers.remove(consumer);
	}

	/**
	 * Sends a message that its queue assigned to one of our consumers.
	 * @return how many octets, roughly
	 */
	long deliver(QueuedMessage message, long now) {
		Consumer consumer = message.consumer();
		if (consumer == null) {
			return 0;
		}
		consumer.sent();
		if (consumer.isCancelled()) {
			giveBack(message, consumer);
			return 0;
		}
		long tag = this.deliveries.deliver(message, consumer);
		if (consumer.isNoAck()) {
			this.acknowledged.add(message);
		}
		else {
			this.timeouts.await(tag, message, consumer.timeout(), now);
		}
		return octets(message.bodySize());
	}

	private void giveBack(QueuedMessage message, Consumer consumer) {
		if (!consumer.isNoAck()) {
			consumer.settled();
			releasePrefetch(consumer);
		}
		message.queue().giveBack(message);
	}

	void get(String queueName, boolean noAck) {
		MessageQueue queue = this.channel.declarations().readableQueue(queueName);
		this.channel.declarations().checkNotLocked(queue);
		queue.arguments()
			.checkGet(Names.queue(queue.name(), this.virtualHost.name()), this.virtualHost.queues().dialect());
		Taken taken = queue.take();
		if (taken == null) {
			this.events.gotNothing(queue);
			this.channel.reply(Method.BASIC_GET_EMPTY).shortString("").end();
			return;
		}
		QueuedMessage message = taken.message();
		long tag = this.deliveries.answer(taken, noAck);
		if (tag == 0) {
			return;
		}
		if (noAck) {
			this.acknowledged.add(message);
		}
		else {
			this.timeouts.await(tag, message, this.timeouts.of(queue, null),
					this.virtualHost.queues().clock().millis());
		}
	}

	void settle(long tag, boolean multiple, Settlement.Outcome outcome) {
		List<QueuedMessage> messages = this.unacked.take(tag, multiple);
		boolean canBeLost = outcome.isFinal() && this.transaction == null;
		List<QueuedMessage> lost = canBeLost ? this.deliveries.lost(messages) : List.of();
		if (!lost.isEmpty()) {
			messages = messages.stream().filter((message) -> !lost.contains(message)).toList();
			requeue(lost, false);
		}
		Settlement settlement = new Settlement(messages, outcome);
		List<Consumer> late = this.unacked.takeLate(tag, multiple);
		if (outcome.isFinal()) {
			late.forEach(Consumer::settledLate);
		}
		if (this.transaction != null) {
			this.transaction.settle(settlement);
		}
		else {
			settle(settlement);
		}
	}

	void settle(Settlement settlement) {
		this.events.settled(settlement.messages(), settlement.outcome().happening());
		switch (settlement.outcome()) {
			case ACK -> this.acknowledged.addAll(settlement.messages());
			case REQUEUE -> {
				requeue(settlement.messages(), true);
				return;
			}
			case GIVE_BACK -> {
				this.usage.gaveBack(settlement.messages());
				requeue(settlement.messages(), this.virtualHost.queues().dialect().countsNacks());
				return;
			}
			case REJECT -> {
				settlement.messages().forEach((message) -> this.usage.rejected(message.queue()));
				bury(settlement.messages(), true);
			}
			case DISCARD -> bury(settlement.messages(), false);
		}
		settlement.messages().forEach(this::releaseCredit);
	}

	private void bury(List<QueuedMessage> messages, boolean failed) {
		byQueue(messages)
			.forEach((queue, dead) -> this.virtualHost.queues().deadLetters().buryRejected(queue, dead, failed));
	}

	/**
	 * A transaction has told the store.
	 */
	void acknowledged(Settlement settlement) {
		this.events.settled(settlement.messages(), settlement.outcome().happening());
		settlement.messages().forEach(this::releaseCredit);
	}

	private void releaseCredit(QueuedMessage message) {
		Consumer consumer = message.consumer();
		if (consumer != null) {
			consumer.settled();
			releasePrefetch(consumer);
		}
	}

	private void releasePrefetch(Consumer holder) {
		this.prefetch.giveBack();
		if (this.prefetch.isLimited()) {
			this.consumers.wakeAfter(holder);
		}
	}

	/**
	 * @param failed whether that counts for the delivery limit
	 */
	void requeue(List<QueuedMessage> messages, boolean failed) {
		List<Consumer> holders = messages.stream().map(QueuedMessage::consumer).toList();
		// Back in the queue first: whoever is woken by the credit sees them in their
		// place.
		byQueue(messages).forEach((queue, returned) -> queue.requeue(returned, List.of(), failed));
		for (Consumer consumer : holders) {
			if (consumer != null) {
				consumer.settled();
				releasePrefetch(consumer);
			}
		}
	}

	private static Map<MessageQueue, List<QueuedMessage>> byQueue(Collection<QueuedMessage> messages) {
		Map<MessageQueue, List<QueuedMessage>> byQueue = new LinkedHashMap<>();
		for (QueuedMessage message : messages) {
			byQueue.computeIfAbsent(message.queue(), (queue) -> new ArrayList<>()).add(message);
		}
		return byQueue;
	}

	/**
	 * Returns everything unacknowledged to its queue.
	 */
	void recover() {
		this.unacked.takeLate(0, true);
		List<QueuedMessage> messages = this.unacked.takeAll();
		this.events.cameBack(messages, "with basic.recover");
		this.usage.gaveBack(messages);
		requeue(messages, this.virtualHost.queues().dialect().countsNacks());
	}

	void rollback(List<QueuedMessage> unsettled) {
		this.unacked.restore(unsettled);
		this.timeouts.rolledBack();
	}

	/**
	 * Tells the store of what was acknowledged since the last time.
	 */
	void forgetAcknowledged() {
		if (!this.acknowledged.isEmpty()) {
			this.virtualHost.messageLog().forget(this.acknowledged);
			this.acknowledged.clear();
		}
	}

	/**
	 * Ends all consumers and returns what they had.
	 */
	void release(Collection<QueuedMessage> unsent) {
		this.timeouts.stop();
		this.replies.stop();
		List<Consumer> ending = this.consumers.removeAll();
		ending.forEach(Consumer::cancel);
		forgetAcknowledged();
		if (this.transaction != null) {
			this.unacked.restore(this.transaction.rollback());
		}
		Map<MessageQueue, List<QueuedMessage>> unsentByQueue = byQueue(unsent);
		List<QueuedMessage> unsettled = this.unacked.takeAll();
		this.events.cameBack(unsettled, "because its channel closed");
		byQueue(unsettled).forEach((queue, messages) -> {
			List<QueuedMessage> others = unsentByQueue.remove(queue);
			queue.requeue(messages, (others != null) ? others : List.of(), true);
		});
		unsentByQueue.forEach((queue, messages) -> queue.requeue(List.of(), messages, true));
		ending.forEach(this::end);
	}

}
