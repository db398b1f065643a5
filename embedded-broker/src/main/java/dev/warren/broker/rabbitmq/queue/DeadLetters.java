package dev.warren.broker.rabbitmq.queue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;

import dev.warren.broker.rabbitmq.arguments.QueueArguments;
import dev.warren.broker.rabbitmq.death.Death;
import dev.warren.broker.rabbitmq.death.DeathHistory;
import dev.warren.broker.rabbitmq.event.Detail;
import dev.warren.broker.rabbitmq.event.Events;
import dev.warren.broker.rabbitmq.event.Happening;
import dev.warren.broker.rabbitmq.event.Origin;
import dev.warren.broker.rabbitmq.routing.CarbonCopies;
import dev.warren.broker.rabbitmq.routing.Exchange;
import dev.warren.broker.rabbitmq.routing.Exchanges;
import dev.warren.broker.rabbitmq.routing.Routing;
import dev.warren.broker.rabbitmq.store.Address;
import dev.warren.broker.rabbitmq.store.Message;
import dev.warren.broker.rabbitmq.store.MessageHeader;
import dev.warren.broker.rabbitmq.store.MessageLog;
import dev.warren.broker.rabbitmq.time.EngineClock;
import dev.warren.broker.rabbitmq.upgrade.Change;
import dev.warren.broker.rabbitmq.upgrade.ChangedUses;
import dev.warren.broker.rabbitmq.wire.Delay;
import dev.warren.broker.rabbitmq.wire.Dialect;
import dev.warren.broker.rabbitmq.wire.MessageProperties;
import dev.warren.broker.rabbitmq.wire.Names;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Buries messages that died in a queue: where the queue has a dead letter exchange they
 * are published to it, with their history in the {@code x-death} header.
 *
 * @see <a href="https://www.rabbitmq.com/docs/dlx">Dead Letter Exchanges</a>
 */
public final class DeadLetters {

	private static final int LONGEST_NAME = 255;

	private static final Logger logger = LoggerFactory.getLogger(DeadLetters.class);

	private final Exchanges exchanges;

	private final MessageLog messageLog;

	private final Dialect dialect;

	private final ChangedUses changedUses;

	private final Events events;

	private final EngineClock clock;

	DeadLetters(Queues queues, MessageLog messageLog, Dialect dialect, EngineClock clock) {
		this.dialect = dialect;
		this.changedUses = queues.changedUses();
		this.events = queues.events();
		this.exchanges = queues.exchanges();
		this.messageLog = messageLog;
		this.clock = clock;
	}

	/**
	 * Publishes and forgets, both or neither, if not at once then when the store can be
	 * written again.
	 */
	void bury(MessageQueue queue, Collection<QueuedMessage> messages, DeathReason reason) {
		bury(queue, messages, reason, false);
	}

	private void bury(MessageQueue queue, Collection<QueuedMessage> messages, DeathReason reason, boolean failed) {
		Exchange exchange = exchange(queue);
		if (reason != DeathReason.REJECTED && !queue.arguments().delaying()) {
			messages.forEach(
					(message) -> this.events.tell(reason.happening(), Origin.BROKER, message.message(), queue.name()));
		}
		if (exchange == null) {
			this.messageLog.forget(messages);
			return;
		}
		List<QueuedMessage> dead = List.copyOf(messages);
		this.messageLog.doOrPostpone(() -> publishAndForget(queue, dead, reason, failed, exchange));
	}

	private void publishAndForget(MessageQueue queue, List<QueuedMessage> messages, DeathReason reason, boolean failed,
			Exchange exchange) {
		MessageLog.Work work = this.messageLog.begin();
		try (KeptRoom room = new KeptRoom()) {
			try {
				for (QueuedMessage message : messages) {
					republishOrDrop(queue, message.message(), failed || message.isFailed(), reason, exchange, work,
							room);
				}
			}
			catch (RuntimeException ex) {
				work.abandon(ex);
				throw ex;
			}
			work.forget(messages);
			work.commit();
		}
	}

	/**
	 * Publishes and forgets what a client rejected. What is left of a queue that was
	 * deleted is no dead letter.
	 * @param failed whether the client failed, instead of only not wanting them
	 */
	public void buryRejected(MessageQueue queue, Collection<QueuedMessage> messages, boolean failed) {
		if (queue.isDeleted()) {
			this.messageLog.forget(messages);
		}
		else {
			bury(queue, messages, DeathReason.REJECTED, failed);
		}
	}

	/**
	 * Publishes a message that the queue had no room for.
	 */
	public void buryRefused(MessageQueue queue, Message message) {
		Exchange exchange = exchange(queue);
		if (exchange != null) {
			MessageLog.Work work = this.messageLog.begin();
			try (KeptRoom room = new KeptRoom()) {
				republishOrDrop(queue, message, false, DeathReason.MAX_LENGTH, exchange, work, room);
				work.commit();
			}
		}
	}

	private @Nullable Exchange exchange(MessageQueue queue) {
		String name = queue.arguments().deadLetterExchange();
		return (name != null) ? this.exchanges.exchange(name) : null;
	}

	private void republishOrDrop(MessageQueue queue, Message dead, boolean failed, DeathReason reason,
			Exchange exchange, MessageLog.Work work, KeptRoom room) {
		try {
			if (queue.arguments().delaying()) {
				publishDue(dead, exchange, work, room);
			}
			else {
				republish(queue, dead, failed, reason, exchange, work, room);
			}
		}
		catch (ProtocolException ex) {
			// An older broker took messages whose headers nobody can read, and queues
			// with longer keys. A delayed exchange takes no delay that is no number.
			logger.error("A message of queue '{}' cannot be dead-lettered and is dropped: {}",
					Names.printable(queue.name(), LONGEST_NAME), ex.getMessage());
		}
	}

	/**
	 * Has its exchange route a delayed message that is due.
	 */
	private void publishDue(Message delayed, Exchange exchange, MessageLog.Work work, KeptRoom room) {
		MessageProperties properties = delayed.properties();
		List<String> routingKeys = CarbonCopies.routingKeys(delayed.routingKey(), properties.headers());
		CarbonCopies.hideBlind(properties);
		Delay.end(properties);
		Routing<MessageQueue> routing = new Routing<>(this.exchanges, MessageQueue.class);
		List<MessageQueue> targets = new ArrayList<>(routing.route(exchange, routingKeys, () -> properties));
		if (targets.isEmpty()) {
			this.events.show(Happening.UNROUTABLE, Origin.BROKER, delayed, "",
					new Detail.Reason(() -> this.exchanges.explain(exchange, delayed.routingKey())));
			return;
		}
		Message due = this.messageLog.create(delayed.header(properties, this.clock.millis()), delayed);
		accept(due, targets, routing, room);
		work.enqueue(due, targets);
	}

	private void republish(MessageQueue queue, Message dead, boolean failed, DeathReason reason, Exchange exchange,
			MessageLog.Work work, KeptRoom room) {
		long now = this.clock.millis();
		MessageProperties properties = dead.properties();
		Map<String, @Nullable Object> headers = properties.headers();
		if (this.dialect.keepsDeathsItself() && !dead.isDeadLetter()) {
			headers.keySet().removeAll(DeathHistory.HEADERS);
		}
		List<String> routingKeys = CarbonCopies.routingKeys(dead.routingKey(), headers);

		Death death = new Death(queue.name(), reason.headerValue(), dead.exchange(), routingKeys,
				properties.expiration(), new Date(now));
		Map<String, @Nullable Object> newHeaders = DeathHistory.withDeath(headers, death);
		String deadLetterRoutingKey = queue.arguments().deadLetterRoutingKey();
		if (deadLetterRoutingKey != null) {
			if (!this.dialect.deadLettersKeepCarbonCopies()) {
				if (newHeaders.remove(CarbonCopies.CC) != null) {
					count(Change.CARBON_COPIES_OF_DEAD_LETTER, queue);
				}
			}
			QueueArguments.checkRoutingKey(deadLetterRoutingKey);
			routingKeys = List.of(deadLetterRoutingKey);
		}
		if (!this.dialect.tellsLastDeath()) {
			newHeaders.keySet().removeIf((name) -> name.startsWith("x-last-death-"));
		}
		properties.headers(newHeaders);
		properties.removeExpiration();

		Routing<MessageQueue> routing = new Routing<>(this.exchanges, MessageQueue.class);
		List<MessageQueue> targets = new ArrayList<>(routing.route(exchange, routingKeys, () -> properties));
		boolean routed = !targets.isEmpty();
		if (reason != DeathReason.REJECTED) {
			targets.removeIf((target) -> DeathHistory.closesCycle(target.name(), newHeaders));
		}
		String newKey = routingKeys.get(0);
		if (targets.isEmpty()) {
			this.events.show(Happening.UNROUTABLE, Origin.BROKER, dead, queue.name(),
					new Detail.Reason(() -> "as a dead letter: "
							+ (routed ? "it was there before" : this.exchanges.explain(exchange, newKey))));
			return;
		}
		if (failed && reason != DeathReason.REJECTED) {
			// Who rejects is known to the channel.
			count(Change.REDELIVERED_DEAD_LETTER, queue);
		}
		MessageHeader header = MessageHeader.ofDeadLetter(Address.EMPTY.to(exchange.name(), newKey),
				failed && this.dialect.deadLettersAreRedelivered(), properties.propertyFlags(), properties.toBytes(),
				dead.size(), now);
		Message letter = this.messageLog.create(header, dead);
		this.events.show(Happening.DEAD_LETTERED, Origin.BROKER, letter, queue.name(),
				new Detail.Republication(exchange.name(), newKey));
		accept(letter, targets, routing, room);
		work.enqueue(letter, targets);
	}

	/**
	 * Keeps room for the message, and takes out the queues that are full.
	 * @param targets some of those of the routing
	 */
	private void accept(Message message, List<MessageQueue> targets, Routing<MessageQueue> routing, KeptRoom room) {
		List<MessageQueue> full = targets.stream().filter((target) -> !room.reserve(target, message)).toList();
		targets.removeAll(full);
		full.forEach((one) -> this.events.tell(Happening.REFUSED, Origin.BROKER, message, one.name(), Detail.FULL));
		if (this.events.areHeard()) {
			routing.ways().tell(this.events, Origin.BROKER, this.events.snapshot(message), targets);
		}
	}

	private void count(Change change, MessageQueue queue) {
		this.changedUses.countQueue(change, "", queue.name(), queue.queues().virtualHostName());
	}

}
