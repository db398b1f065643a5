package dev.warren.broker.rabbitmq.channel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.warren.broker.rabbitmq.host.ChannelEvents;
import dev.warren.broker.rabbitmq.host.ClientUsage;
import dev.warren.broker.rabbitmq.host.GotMessage;
import dev.warren.broker.rabbitmq.host.LocalClient;
import dev.warren.broker.rabbitmq.host.VirtualHost;
import dev.warren.broker.rabbitmq.host.VirtualHostAccess;
import dev.warren.broker.rabbitmq.queue.MessageQueue;
import dev.warren.broker.rabbitmq.queue.QueuedMessage;
import dev.warren.broker.rabbitmq.queue.Taken;
import dev.warren.broker.rabbitmq.routing.CarbonCopies;
import dev.warren.broker.rabbitmq.routing.Exchange;
import dev.warren.broker.rabbitmq.wire.MessageProperties;
import dev.warren.broker.rabbitmq.wire.Names;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import org.jspecify.annotations.Nullable;

/**
 * What a user may do on a channel, without a connection: for the management API. What a
 * channel would be closed for is thrown as a {@link ProtocolException}.
 */
public final class LocalChannel {

	/** Of the messages got at once, but for the last. */
	private static final int MOST_OCTETS = 16 * 1024 * 1024;

	private final VirtualHostAccess access;

	private final VirtualHost virtualHost;

	private final Declarations declarations;

	private final LocalClient client;

	public LocalChannel(VirtualHostAccess access) {
		this.access = access;
		this.virtualHost = access.virtualHost();
		this.declarations = new Declarations(null, access, new ClientUsage(access), new ChannelEvents(access));
		this.client = new LocalClient(this.virtualHost, access.connectionName());
	}

	public void declareQueue(String name, boolean durable, boolean exclusive, boolean autoDelete,
			Map<String, @Nullable Object> arguments) {
		Names.checkLength(name);
		this.declarations.declareQueue(name, false, durable, exclusive, autoDelete, arguments);
	}

	public void deleteQueue(String name, boolean ifUnused, boolean ifEmpty) {
		this.declarations.deleteQueue(name, ifUnused, ifEmpty);
	}

	public void purgeQueue(String name) {
		this.declarations.purgeQueue(name);
	}

	public void declareExchange(String name, String type, boolean durable, boolean autoDelete, boolean internal,
			Map<String, @Nullable Object> arguments) {
		Names.checkLength(name);
		this.declarations.declareExchange(name, type, false, durable, autoDelete, internal, arguments);
	}

	public void deleteExchange(String name, boolean ifUnused) {
		this.declarations.deleteExchange(name, ifUnused);
	}

	public void bindQueue(String queue, String exchange, String key, Map<String, @Nullable Object> arguments) {
		Names.checkLength(key);
		this.declarations.bindQueue(queue, exchange, key, arguments);
	}

	public void unbindQueue(String queue, String exchange, String key, Map<String, @Nullable Object> arguments) {
		this.declarations.unbindQueue(queue, exchange, key, arguments);
	}

	public void bindExchange(String destination, String source, String key, Map<String, @Nullable Object> arguments) {
		Names.checkLength(key);
		this.declarations.bindExchange(destination, source, key, arguments);
	}

	public void unbindExchange(String destination, String source, String key, Map<String, @Nullable Object> arguments) {
		this.declarations.unbindExchange(destination, source, key, arguments);
	}

	/**
	 * Publishes a message, and returns when it is safe.
	 * @return the queues that took it
	 */
	public List<String> publish(String exchangeName, String routingKey, MessageProperties properties, byte[] body) {
		Exchange exchange = this.access.exchangeToPublishTo(exchangeName);
		Names.checkLength(routingKey);
		this.access.checkWriteTopics(exchange, CarbonCopies.routingKeys(routingKey, properties.headers()));
		this.access.checkPublished(properties);
		return this.client.publish(exchange, routingKey, properties, body);
	}

	/**
	 * Gets messages from the head of a queue, but not more than fit into the memory.
	 * @param most how many at most
	 * @param then what becomes of them
	 * @param truncate how many octets of each body to read at most
	 */
	public List<GotMessage> get(String name, int most, Settle then, int truncate) {
		MessageQueue queue = this.declarations.readableQueue(name);
		this.declarations.checkNotLocked(queue);
		List<GotMessage> got = new ArrayList<>();
		List<QueuedMessage> taken = new ArrayList<>();
		try {
			long room = MOST_OCTETS;
			while (got.size() < most && room > 0) {
				Taken next = this.client.take(queue, false);
				if (next == null) {
					break;
				}
				taken.add(next.message());
				got.add(GotMessage.of(next, truncate));
				room -= next.message().bodySize() + next.message().message().propertiesLength() + 1;
			}
		}
		finally {
			settle(queue, taken, then);
		}
		return got;
	}

	/**
	 * Moves the messages that are ready to another queue, as if they were published to it
	 * by the default exchange.
	 * @return how many; fewer than there were if the other queue is full
	 */
	public int move(String from, String to) {
		MessageQueue source = this.declarations.readableQueue(from);
		this.declarations.checkNotLocked(source);
		Exchange exchange = this.access.exchangeToPublishTo(Exchange.DEFAULT);
		if (this.virtualHost.queues().queue(to) == null) {
			throw ReplyCode.NOT_FOUND.error("no %s", Names.queue(to, this.virtualHost.name()));
		}
		return this.client.move(source, exchange, to);
	}

	private void settle(MessageQueue queue, List<QueuedMessage> messages, Settle then) {
		switch (then) {
			case ACKNOWLEDGE -> this.client.acknowledge(messages);
			case REJECT -> this.client.reject(queue, messages);
			case REQUEUE -> this.client.requeue(queue, messages);
		}
	}

	/** What becomes of messages that were got. */
	public enum Settle {

		ACKNOWLEDGE, REJECT, REQUEUE

	}

}
