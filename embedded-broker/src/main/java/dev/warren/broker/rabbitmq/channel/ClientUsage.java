package dev.warren.broker.rabbitmq.channel;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

import dev.warren.broker.rabbitmq.arguments.QueueArguments;
import dev.warren.broker.rabbitmq.host.VirtualHost;
import dev.warren.broker.rabbitmq.host.VirtualHostAccess;
import dev.warren.broker.rabbitmq.queue.MessageQueue;
import dev.warren.broker.rabbitmq.queue.QueuedMessage;
import dev.warren.broker.rabbitmq.routing.Binding;
import dev.warren.broker.rabbitmq.routing.Exchange;
import dev.warren.broker.rabbitmq.routing.ExchangeRules;
import dev.warren.broker.rabbitmq.store.Message;
import dev.warren.broker.rabbitmq.store.ExchangeDefinition;
import dev.warren.broker.rabbitmq.store.ExchangeType;
import dev.warren.broker.rabbitmq.store.QueueDefinition;
import dev.warren.broker.rabbitmq.upgrade.Change;
import dev.warren.broker.rabbitmq.upgrade.ChangedUses;
import dev.warren.broker.rabbitmq.wire.MessageProperties;
import dev.warren.broker.rabbitmq.wire.Names;

/**
 * Notices when a client does what other versions of RabbitMQ refuse or treat differently.
 */
final class ClientUsage {

	private static final long LARGE = 16L * 1024 * 1024;

	private static final int MOST_HASHES = 2;

	private static final String DEATHS = "x-death";

	private static final byte[] DEATHS_BYTES = DEATHS.getBytes(StandardCharsets.US_ASCII);

	private final String connectionName;

	private final String virtualHost;

	private final ChangedUses uses;

	private final boolean looksAtMessages;

	ClientUsage(VirtualHostAccess access) {
		VirtualHost virtualHost = access.virtualHost();
		this.connectionName = access.connectionName();
		this.virtualHost = virtualHost.name();
		this.uses = virtualHost.queues().changedUses();
		this.looksAtMessages = this.uses.looksAtMessages();
	}

	void count(Change change, String subject) {
		this.uses.count(change, this.connectionName, subject);
	}

	private void countQueue(Change change, String queue) {
		this.uses.countQueue(change, this.connectionName, queue, this.virtualHost);
	}

	private void countExchange(Change change, Exchange exchange) {
		count(change, Names.exchange(exchange.name(), this.virtualHost));
	}

	void declared(QueueDefinition queue) {
		if (!queue.durable() && !queue.exclusive()) {
			countQueue(Change.TRANSIENT_QUEUE, queue.name());
		}
		QueueArguments.changesIn(queue).forEach((change) -> countQueue(change, queue.name()));
	}

	/**
	 * The client looked, with a passive declaration, whether there is something.
	 */
	void looked(VirtualHostAccess access, String name) {
		if (!access.hasAny(name)) {
			count(Change.PASSIVE_WITHOUT_PERMISSION, "'" + name + "' in vhost '" + this.virtualHost + "'");
		}
	}

	void bound(Binding binding) {
		if (ExchangeRules.hashes(binding) > MOST_HASHES) {
			countExchange(Change.MANY_HASHES, binding.source());
		}
	}

	void published(IncomingMessage message, Message stored, Exchange exchange, List<MessageQueue> queues,
			boolean acrossTypes) {
		if (!this.looksAtMessages) {
			return;
		}
		if (message.bodySize() > LARGE) {
			countExchange(Change.LARGE_MESSAGE, exchange);
		}
		if (acrossTypes) {
			countExchange(Change.HEADERS_OF_OTHER_TYPES, exchange);
		}
		if (message.hasProperty(MessageProperties.HEADERS_FLAG) && message.mayMention(DEATHS_BYTES)
				&& stored.headers().containsKey(DEATHS)) {
			countExchange(Change.CLIENT_WRITTEN_DEATHS, exchange);
		}
		for (MessageQueue queue : queues) {
			if (queue.arguments().quorum() && stored.priority(0) > 0) {
				countQueue(Change.PRIORITY_IN_QUORUM_QUEUE, queue.name());
			}
		}
	}

	void gaveBack(Collection<QueuedMessage> messages) {
		if (this.looksAtMessages) {
			for (QueuedMessage message : messages) {
				if (message.queue().arguments().quorum()) {
					countQueue(Change.UNCOUNTED_NACK, message.queue().name());
				}
			}
		}
	}

	void late(MessageQueue queue) {
		countQueue(Change.LATE_CONSUMER, queue.name());
	}

	void declared(ExchangeDefinition exchange) {
		if (exchange.type() == ExchangeType.DELAYED) {
			count(Change.DELAYED_EXCHANGE, Names.exchange(exchange.name(), this.virtualHost));
		}
	}

	void rejected(MessageQueue queue) {
		if (this.looksAtMessages && queue.arguments().deadLetterExchange() != null) {
			countQueue(Change.REDELIVERED_DEAD_LETTER, queue.name());
		}
	}

}
