package dev.warren.broker.rabbitmq.host;

import java.util.Collection;
import java.util.List;
import java.util.Map;

import dev.warren.broker.rabbitmq.arguments.ConsumerArguments;
import dev.warren.broker.rabbitmq.queue.MessageQueue;
import dev.warren.broker.rabbitmq.queue.QueuedMessage;
import dev.warren.broker.rabbitmq.routing.Binding;
import dev.warren.broker.rabbitmq.routing.Exchange;
import dev.warren.broker.rabbitmq.routing.ExchangeRules;
import dev.warren.broker.rabbitmq.store.ExchangeDefinition;
import dev.warren.broker.rabbitmq.store.ExchangeType;
import dev.warren.broker.rabbitmq.store.Message;
import dev.warren.broker.rabbitmq.store.QueueDefinition;
import dev.warren.broker.rabbitmq.upgrade.Change;
import dev.warren.broker.rabbitmq.upgrade.ChangedUses;
import dev.warren.broker.rabbitmq.wire.Dialect;
import dev.warren.broker.rabbitmq.wire.Names;
import org.jspecify.annotations.Nullable;

/**
 * Notices when a client does what other versions of RabbitMQ refuse or treat differently.
 */
public final class ClientUsage {

	private static final String DEATHS = "x-death";

	private final String connectionName;

	private final String virtualHost;

	private final ChangedUses uses;

	private final boolean hasLaterVersions;

	public ClientUsage(VirtualHostAccess access) {
		VirtualHost virtualHost = access.virtualHost();
		this.connectionName = access.connectionName();
		this.virtualHost = virtualHost.name();
		this.uses = virtualHost.queues().changedUses();
		this.hasLaterVersions = this.uses.hasLaterVersions();
	}

	public void count(Change change, String subject) {
		this.uses.count(change, this.connectionName, subject);
	}

	private void countQueue(Change change, String queue) {
		this.uses.countQueue(change, this.connectionName, queue, this.virtualHost);
	}

	private void countExchange(Change change, Exchange exchange) {
		count(change, Names.exchange(exchange.name(), this.virtualHost));
	}

	public void declared(MessageQueue queue) {
		QueueDefinition definition = queue.definition();
		if (!definition.durable() && !definition.exclusive()) {
			countQueue(Change.TRANSIENT_QUEUE, queue.name());
		}
		if (this.hasLaterVersions) {
			queue.arguments()
				.changes(definition, this.virtualHost)
				.forEach((change) -> countQueue(change, queue.name()));
		}
	}

	/**
	 * The client looked, with a passive declaration, whether there is something.
	 */
	public void looked(VirtualHostAccess access, String name) {
		if (this.hasLaterVersions && !access.hasAny(name)) {
			count(Change.PASSIVE_WITHOUT_PERMISSION, "'" + name + "' in vhost '" + this.virtualHost + "'");
		}
	}

	public void bound(Binding binding) {
		if (this.hasLaterVersions && ExchangeRules.hashes(binding) > Dialect.newest().mostHashesInBindingKey()) {
			countExchange(Change.MANY_HASHES, binding.source());
		}
	}

	public void published(Message message, Exchange exchange, List<MessageQueue> queues, boolean acrossTypes) {
		if (!this.hasLaterVersions) {
			return;
		}
		if (message.size() > Dialect.newest().maxMessageSize()) {
			countExchange(Change.LARGE_MESSAGE, exchange);
		}
		if (acrossTypes) {
			countExchange(Change.HEADERS_OF_OTHER_TYPES, exchange);
		}
		if (message.headers().containsKey(DEATHS)) {
			countExchange(Change.CLIENT_WRITTEN_DEATHS, exchange);
		}
		for (MessageQueue queue : queues) {
			if (queue.arguments().quorum() && message.priority(0) > 0) {
				countQueue(Change.PRIORITY_IN_QUORUM_QUEUE, queue.name());
			}
		}
	}

	public void gaveBack(Collection<QueuedMessage> messages) {
		if (this.hasLaterVersions) {
			for (QueuedMessage message : messages) {
				if (message.queue().arguments().quorum()) {
					countQueue(Change.UNCOUNTED_NACK, message.queue().name());
				}
			}
		}
	}

	public void consumes(MessageQueue queue, Map<String, @Nullable Object> arguments) {
		if (this.hasLaterVersions && ConsumerArguments.areRefusedLater(arguments, queue.name(), queue.arguments())) {
			countQueue(Change.REFUSED_ARGUMENT, queue.name());
		}
	}

	public void late(MessageQueue queue) {
		countQueue(Change.LATE_CONSUMER, queue.name());
	}

	public void declared(ExchangeDefinition exchange) {
		if (exchange.type() == ExchangeType.DELAYED) {
			count(Change.DELAYED_EXCHANGE, Names.exchange(exchange.name(), this.virtualHost));
		}
	}

	public void rejected(MessageQueue queue) {
		if (this.hasLaterVersions && queue.arguments().deadLetterExchange() != null) {
			countQueue(Change.REDELIVERED_DEAD_LETTER, queue.name());
		}
	}

}
