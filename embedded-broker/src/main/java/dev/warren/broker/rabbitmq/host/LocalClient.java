package dev.warren.broker.rabbitmq.host;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.warren.broker.rabbitmq.event.Detail;
import dev.warren.broker.rabbitmq.event.Events;
import dev.warren.broker.rabbitmq.event.Happening;
import dev.warren.broker.rabbitmq.event.Origin;
import dev.warren.broker.rabbitmq.queue.KeptRoom;
import dev.warren.broker.rabbitmq.queue.MessageQueue;
import dev.warren.broker.rabbitmq.queue.QueuedMessage;
import dev.warren.broker.rabbitmq.queue.Taken;
import dev.warren.broker.rabbitmq.reply.DirectReplies;
import dev.warren.broker.rabbitmq.routing.CarbonCopies;
import dev.warren.broker.rabbitmq.routing.Exchange;
import dev.warren.broker.rabbitmq.routing.Routing;
import dev.warren.broker.rabbitmq.stats.Count;
import dev.warren.broker.rabbitmq.store.Address;
import dev.warren.broker.rabbitmq.store.Message;
import dev.warren.broker.rabbitmq.store.MessageHeader;
import dev.warren.broker.rabbitmq.store.MessageLog;
import dev.warren.broker.rabbitmq.store.MessageSnapshot;
import dev.warren.broker.rabbitmq.wire.MessageProperties;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Publishes and gets messages without a connection, for those in the same JVM.
 */
public final class LocalClient {

	private static final int MOST_MOVED_AT_ONCE = 100;

	private static final long MOST_OCTETS_MOVED_AT_ONCE = 1024 * 1024;

	private final VirtualHost virtualHost;

	private final Events events;

	private final ChannelEvents channelEvents;

	private final Origin origin;

	/**
	 * @param name who it is, for those who listen to what happens
	 */
	public LocalClient(VirtualHost virtualHost, String name) {
		this.virtualHost = virtualHost;
		this.origin = new Origin(name, 0);
		this.events = virtualHost.queues().events();
		this.channelEvents = new ChannelEvents(virtualHost, this.origin, ClientLog.NONE, virtualHost.stats().broker());
	}

	/**
	 * Publishes a message, and returns when it is safe in the queues it is routed to. A
	 * direct reply is sent to whoever waits for it.
	 * @return the names of the queues, without those that are full
	 * @throws ProtocolException if the properties are not what they have to be
	 */
	public List<String> publish(Exchange exchange, String routingKey, MessageProperties properties, byte[] body) {
		List<String> routingKeys = CarbonCopies.routingKeys(routingKey, properties.headers());
		CarbonCopies.hideBlind(properties);
		MessageHeader header = new MessageHeader(Address.EMPTY.to(exchange.name(), routingKey), false,
				properties.propertyFlags(), properties.toBytes(), body.length,
				this.virtualHost.queues().clock().millis());
		Message message = this.virtualHost.messageLog().create(header, List.of(body));
		Message.Hold hold = message.hold();
		try (KeptRoom room = new KeptRoom()) {
			if (DirectReplies.isAddress(routingKey) && exchange.name().equals(Exchange.DEFAULT)) {
				this.channelEvents.replied(message, this.virtualHost.directReplies().send(routingKey, message));
				return List.of();
			}
			Routing<MessageQueue> routing = new Routing<>(this.virtualHost.exchanges(), MessageQueue.class);
			List<MessageQueue> queues = routing.route(exchange, routingKeys, message::properties);
			this.channelEvents.published(exchange, queues, false);
			Publication publication = this.channelEvents.publication(message, exchange, routing);
			publication.published();
			room.reserve(queues, message, (queue) -> this.channelEvents.refused(message, queue));
			publication.routed(queues);
			this.virtualHost.messageLog().enqueue(message, queues).join();
			return queues.stream().map(MessageQueue::name).toList();
		}
		finally {
			hold.close();
		}
	}

	/**
	 * Takes the first message of a queue for good, or null.
	 */
	public @Nullable MessageSnapshot get(MessageQueue queue) {
		Taken taken = take(queue, true);
		if (taken == null) {
			return null;
		}
		MessageSnapshot snapshot = taken.message().message().snapshot(MessageSnapshot.MOST_OCTETS);
		this.channelEvents.countAcknowledged(List.of(taken.message()));
		this.virtualHost.messageLog().forget(List.of(taken.message()));
		return snapshot;
	}

	/**
	 * Takes the first message of a queue, or null. The caller is to settle it.
	 * @param noAck whether that is certain to be an acknowledgement
	 */
	public @Nullable Taken take(MessageQueue queue, boolean noAck) {
		Taken taken = queue.take();
		if (taken == null) {
			this.channelEvents.gotNothing(queue);
		}
		else {
			this.channelEvents.count(taken.message(), Count.GET);
			this.events.tell(Happening.DELIVERED, this.origin, taken.message().message(), queue.name(),
					new Detail.Taking(this.origin.connection(), taken.message().isRedelivered(), noAck));
		}
		return taken;
	}

	public void acknowledge(List<QueuedMessage> messages) {
		this.channelEvents.settled(messages, Happening.ACKNOWLEDGED);
		this.virtualHost.messageLog().forget(messages);
	}

	public void reject(MessageQueue queue, List<QueuedMessage> messages) {
		this.channelEvents.settled(messages, Happening.REJECTED);
		this.virtualHost.queues().deadLetters().buryRejected(queue, messages, true);
	}

	public void requeue(MessageQueue queue, List<QueuedMessage> messages) {
		this.channelEvents.settled(messages, Happening.REQUEUED);
		queue.requeue(messages, List.of(), false);
	}

	/**
	 * Moves the messages that are ready to another queue. Each is in one of the two,
	 * whatever fails.
	 * @param exchange the default exchange, by which they come there
	 * @return how many; fewer than there were if the other queue is full or gone
	 */
	public int move(MessageQueue from, Exchange exchange, String to) {
		int most = from.readyCount();
		int moved = 0;
		int some = 1;
		while (some > 0 && moved < most) {
			some = moveSome(from, exchange, to, Math.min(most - moved, MOST_MOVED_AT_ONCE));
			moved += some;
		}
		return moved;
	}

	private int moveSome(MessageQueue from, Exchange exchange, String to, int most) {
		MessageLog.Work work = this.virtualHost.messageLog().begin();
		List<QueuedMessage> taken = new ArrayList<>();
		CompletableFuture<?> safe;
		try (KeptRoom room = new KeptRoom()) {
			long octets = 0;
			Taken next = take(from, false);
			while (next != null) {
				taken.add(next.message());
				octets += next.message().bodySize();
				if (!republish(next.message().message(), exchange, to, work, room)) {
					giveBack(from, List.of(taken.remove(taken.size() - 1)));
					break;
				}
				next = (taken.size() < most && octets < MOST_OCTETS_MOVED_AT_ONCE) ? take(from, false) : null;
			}
			this.channelEvents.settled(taken, Happening.ACKNOWLEDGED);
			work.forget(taken);
			safe = work.commit();
		}
		catch (RuntimeException ex) {
			work.abandon(ex);
			giveBack(from, taken);
			throw ex;
		}
		safe.join();
		return taken.size();
	}

	private void giveBack(MessageQueue queue, List<QueuedMessage> messages) {
		this.channelEvents.settled(messages, Happening.REQUEUED);
		messages.forEach(queue::giveBack);
	}

	private boolean republish(Message message, Exchange exchange, String key, MessageLog.Work work, KeptRoom room) {
		MessageProperties properties = message.properties();
		MessageHeader header = new MessageHeader(Address.EMPTY.to(exchange.name(), key), false,
				properties.propertyFlags(), properties.toBytes(), message.size(),
				this.virtualHost.queues().clock().millis());
		Message copy = this.virtualHost.messageLog().create(header, message);
		Routing<MessageQueue> routing = new Routing<>(this.virtualHost.exchanges(), MessageQueue.class);
		List<MessageQueue> queues = routing.route(exchange, List.of(key), () -> properties);
		boolean accepted = !queues.isEmpty() && queues.stream().allMatch((queue) -> room.reserve(queue, copy));
		if (accepted) {
			this.channelEvents.published(exchange, queues, false);
			Publication publication = this.channelEvents.publication(copy, exchange, routing);
			publication.published();
			publication.routed(queues);
		}
		work.enqueue(copy, accepted ? queues : List.of());
		return accepted;
	}

}
