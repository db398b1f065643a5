package dev.warren.broker.rabbitmq.host;

import java.util.List;

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
import dev.warren.broker.rabbitmq.store.Address;
import dev.warren.broker.rabbitmq.store.Message;
import dev.warren.broker.rabbitmq.store.MessageHeader;
import dev.warren.broker.rabbitmq.store.MessageSnapshot;
import dev.warren.broker.rabbitmq.wire.MessageProperties;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Publishes and gets messages without a connection, for those in the same JVM.
 */
public final class LocalClient {

	private static final Origin ORIGIN = new Origin("test", 0);

	private final VirtualHost virtualHost;

	private final Events events;

	private final ChannelEvents channelEvents;

	public LocalClient(VirtualHost virtualHost) {
		this.virtualHost = virtualHost;
		this.events = virtualHost.queues().events();
		this.channelEvents = new ChannelEvents(virtualHost, ORIGIN);
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
	 * Takes the first message of a queue, or null.
	 */
	public @Nullable MessageSnapshot get(MessageQueue queue) {
		Taken taken = queue.take();
		if (taken == null) {
			return null;
		}
		QueuedMessage message = taken.message();
		MessageSnapshot snapshot = message.message().snapshot();
		this.events.tell(Happening.DELIVERED, ORIGIN, message.message(), queue.name(), () -> "to the test");
		this.virtualHost.messageLog().forget(List.of(message));
		return snapshot;
	}

}
