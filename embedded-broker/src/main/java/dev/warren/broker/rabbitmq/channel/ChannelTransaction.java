package dev.warren.broker.rabbitmq.channel;

import java.util.ArrayList;
import java.util.List;

import dev.warren.broker.rabbitmq.host.Publication;
import dev.warren.broker.rabbitmq.queue.KeptRoom;
import dev.warren.broker.rabbitmq.queue.MessageQueue;
import dev.warren.broker.rabbitmq.queue.QueuedMessage;
import dev.warren.broker.rabbitmq.routing.Exchange;
import dev.warren.broker.rabbitmq.store.Message;
import dev.warren.broker.rabbitmq.store.MessageLog;

/**
 * What a channel in transaction mode published and settled since the last commit.
 */
final class ChannelTransaction {

	private final List<Publish> publishes = new ArrayList<>();

	private final List<Settlement> settlements = new ArrayList<>();

	private volatile int published;

	private volatile int settled;

	void publish(Message message, Exchange exchange, List<MessageQueue> queues, boolean mandatory,
			Publication publication) {
		this.published++;
		this.publishes.add(new Publish(message, exchange, message.hold(), List.copyOf(queues), mandatory, publication));
	}

	void settle(Settlement settlement) {
		this.settled += settlement.messages().size();
		this.settlements.add(settlement);
	}

	int published() {
		return this.published;
	}

	int settled() {
		return this.settled;
	}

	/**
	 * Does it all, and waits until it is safe.
	 * @return whether no queue was too full for its part
	 */
	boolean commit(MessageLog messageLog, Publishing publishing, Consuming consuming) {
		try (KeptRoom room = new KeptRoom()) {
			return commit(messageLog, publishing, consuming, room);
		}
	}

	private boolean commit(MessageLog messageLog, Publishing publishing, Consuming consuming, KeptRoom room) {
		MessageLog.Work work = messageLog.begin();
		boolean complete = true;
		for (Publish publish : this.publishes) {
			publishing.count(publish.exchange(), publish.queues(), publish.mandatory());
			publish.publication().published();
			if (publish.queues().stream().allMatch(Publishing::takesNothing)) {
				publishing.returnIfMandatory(publish.message(), publish.mandatory());
			}
			List<MessageQueue> accepting = new ArrayList<>(publish.queues());
			complete &= publishing.reserve(room, publish.message(), accepting);
			publish.publication().routed(accepting);
			work.enqueue(publish.message(), accepting);
		}
		this.settlements.stream()
			.filter((settlement) -> settlement.outcome() == Settlement.Outcome.ACK)
			.forEach((settlement) -> work.forget(settlement.messages()));
		work.commit().join();
		this.settlements.stream()
			.filter((settlement) -> settlement.outcome() == Settlement.Outcome.ACK)
			.forEach(consuming::acknowledged);
		this.settlements.stream()
			.filter((settlement) -> settlement.outcome() != Settlement.Outcome.ACK)
			.forEach(consuming::settle);
		clear();
		return complete;
	}

	/**
	 * Forgets it all.
	 * @return what was settled and now awaits that again
	 */
	List<QueuedMessage> rollback() {
		List<QueuedMessage> unsettled = new ArrayList<>();
		this.settlements.forEach((settlement) -> unsettled.addAll(settlement.messages()));
		clear();
		return unsettled;
	}

	private void clear() {
		this.publishes.forEach((publish) -> publish.hold().close());
		this.publishes.clear();
		this.settlements.clear();
		this.published = 0;
		this.settled = 0;
	}

	private record Publish(Message message, Exchange exchange, Message.Hold hold, List<MessageQueue> queues,
			boolean mandatory, Publication publication) {

	}

}
