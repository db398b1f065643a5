package dev.warren.broker.rabbitmq.channel;

import java.util.List;
import java.util.Map;

import dev.warren.broker.rabbitmq.arguments.QueueArguments;
import dev.warren.broker.rabbitmq.host.ChannelEvents;
import dev.warren.broker.rabbitmq.host.ClientUsage;
import dev.warren.broker.rabbitmq.host.VirtualHostAccess;
import dev.warren.broker.rabbitmq.queue.MessageQueue;
import dev.warren.broker.rabbitmq.queue.Queues;
import dev.warren.broker.rabbitmq.reply.DirectReplies;
import dev.warren.broker.rabbitmq.routing.Binding;
import dev.warren.broker.rabbitmq.routing.Exchange;
import dev.warren.broker.rabbitmq.routing.ExchangeRules;
import dev.warren.broker.rabbitmq.routing.Exchanges;
import dev.warren.broker.rabbitmq.routing.RoutingTarget;
import dev.warren.broker.rabbitmq.store.ExchangeDefinition;
import dev.warren.broker.rabbitmq.store.ExchangeType;
import dev.warren.broker.rabbitmq.store.QueueDefinition;
import dev.warren.broker.rabbitmq.wire.ArgumentTable;
import dev.warren.broker.rabbitmq.wire.Dialect;
import dev.warren.broker.rabbitmq.wire.Equivalence;
import dev.warren.broker.rabbitmq.wire.Names;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import org.jspecify.annotations.Nullable;

/**
 * The methods of the classes exchange and queue: what may be declared, bound and deleted,
 * and by whom.
 */
final class Declarations {

	/**
	 * Who declares; null for one that is no connection, which can have no exclusive
	 * queues.
	 */
	private final @Nullable Client client;

	private final VirtualHostAccess access;

	private final ClientUsage usage;

	private final ChannelEvents events;

	private final Queues queues;

	private final Exchanges exchanges;

	private final DirectReplies directReplies;

	private final Dialect dialect;

	private final ExchangeRules rules;

	private final String virtualHost;

	/** What an empty queue name stands for. */
	private @Nullable String lastDeclared;

	Declarations(@Nullable Client client, VirtualHostAccess access, ClientUsage usage, ChannelEvents events) {
		this.client = client;
		this.access = access;
		this.usage = usage;
		this.events = events;
		this.queues = access.virtualHost().queues();
		this.dialect = this.queues.dialect();
		this.rules = new ExchangeRules(this.dialect);
		this.exchanges = access.virtualHost().exchanges();
		this.directReplies = access.virtualHost().directReplies();
		this.virtualHost = access.virtualHost().name();
	}

	/**
	 * The queue of that name, which has to exist and which the user may read. Whoever may
	 * not does not learn whether it exists.
	 */
	MessageQueue readableQueue(String name) {
		this.access.checkReadQueue(actualName(name));
		return queue(name);
	}

	private MessageQueue queue(String name) {
		String actualName = actualName(name);
		MessageQueue queue = this.queues.queue(actualName);
		if (queue == null) {
			throw noQueue(actualName);
		}
		return queue;
	}

	private String actualName(String name) {
		if (!name.isEmpty()) {
			return name;
		}
		if (this.lastDeclared == null) {
			throw ReplyCode.NOT_FOUND.error("no previously declared queue");
		}
		return this.lastDeclared;
	}

	private ProtocolException noQueue(String name) {
		return ReplyCode.NOT_FOUND.error("no queue '%s' in vhost '%s'", name, this.virtualHost);
	}

	private Exchange exchange(String name) {
		Exchange exchange = this.exchanges.exchange(name);
		if (exchange == null) {
			throw noExchange(name);
		}
		return exchange;
	}

	private ProtocolException noExchange(String name) {
		return ReplyCode.NOT_FOUND.error("no exchange '%s' in vhost '%s'", name, this.virtualHost);
	}

	/**
	 * An exclusive queue is for the connection that declared it.
	 */
	void checkNotLocked(MessageQueue queue) {
		if (queue.owner() != null && queue.owner() != this.client) {
			throw locked(queue);
		}
	}

	private ProtocolException locked(MessageQueue queue) {
		return ReplyCode.RESOURCE_LOCKED.error("cannot obtain exclusive access to locked %s. It could be originally "
				+ "declared on another connection or the exclusive property value does not match that of the original "
				+ "declaration.", Names.queue(queue.name(), this.virtualHost));
	}

	DeclaredQueue declareQueue(String wireName, boolean passive, boolean durable, boolean exclusive, boolean autoDelete,
			Map<String, @Nullable Object> arguments) {
		String name = Names.withoutLineBreaks(wireName);
		if (name.equals(DirectReplies.PSEUDO_QUEUE) || DirectReplies.isAddress(name)) {
			return declareReplies(name);
		}
		MessageQueue queue = passive ? existingQueue(name)
				: declareQueue(name, durable, exclusive, autoDelete, arguments);
		if (!passive) {
			this.usage.declared(queue);
			this.events.declared(queue);
		}
		this.lastDeclared = queue.name();
		return new DeclaredQueue(queue.name(), queue.readyCount(), queue.consumers().size());
	}

	private MessageQueue existingQueue(String name) {
		String actualName = actualName(name);
		this.access.checkPassiveQueue(actualName);
		this.usage.looked(this.access, actualName);
		MessageQueue queue = queue(name);
		checkNotLocked(queue);
		if (!queue.touch()) {
			throw noQueue(queue.name());
		}
		return queue;
	}

	private MessageQueue declareQueue(String wantedName, boolean durable, boolean exclusive, boolean autoDelete,
			Map<String, @Nullable Object> arguments) {
		MessageQueue existing = this.queues.queue(wantedName);
		if (existing != null && !existing.touch()) {
			// It is about to be gone.
			existing = null;
		}
		boolean serverNamed = wantedName.isEmpty();
		if (existing == null && wantedName.startsWith(Names.RESERVED_PREFIX)) {
			throw ReplyCode.ACCESS_REFUSED.error("queue name '%s' contains reserved prefix 'amq.*'", wantedName);
		}
		String name = serverNamed ? Names.generate(Names.SERVER_NAMED) : wantedName;
		this.access.checkConfigureQueue(name);
		QueueDefinition definition = this.access.virtualHost()
			.typed(new QueueDefinition(name, durable, exclusive, autoDelete, arguments));
		if (existing == null) {
			QueueArguments checked = QueueArguments.of(definition, this.virtualHost, this.dialect);
			QueueArguments.checkRoutingKey(checked.deadLetterRoutingKey());
			checkDeadLetterExchange(checked, name);
			existing = this.queues.declare(definition, checked, exclusive ? this.client : null);
			if (existing.definition() == definition) {
				if (exclusive && this.client != null) {
					this.client.exclusiveQueues().add(existing);
				}
				return existing;
			}
		}
		checkEquivalent(definition, existing);
		return existing;
	}

	private void checkDeadLetterExchange(QueueArguments arguments, String queue) {
		String deadLetterExchange = arguments.deadLetterExchange();
		if (deadLetterExchange != null) {
			this.access.checkReadQueue(queue);
			this.access.checkWriteExchange(deadLetterExchange);
		}
	}

	private void checkEquivalent(QueueDefinition wanted, MessageQueue existing) {
		QueueDefinition current = existing.definition();
		checkNotLocked(existing);
		if (wanted.exclusive() != current.exclusive()) {
			throw locked(existing);
		}
		new Equivalence(Names.queue(current.name(), this.virtualHost), this.dialect)
			.check("durable", wanted.durable(), current.durable())
			.check("auto_delete", wanted.autoDelete(), current.autoDelete())
			.checkArguments(existing.arguments().compared(this.dialect), wanted.arguments(), current.arguments());
	}

	private DeclaredQueue declareReplies(String name) {
		if (DirectReplies.isAddress(name) && !this.directReplies.isKnown(name)) {
			throw noQueue(name);
		}
		this.lastDeclared = name;
		return new DeclaredQueue(name, 0, 1);
	}

	int deleteQueue(String name, boolean ifUnused, boolean ifEmpty) {
		String actualName = actualName(name);
		MessageQueue queue = this.queues.queue(actualName);
		this.access.checkConfigureQueue(actualName);
		if (queue == null) {
			return 0;
		}
		checkNotLocked(queue);
		String subject = Names.queue(actualName, this.virtualHost);
		queue.arguments().checkDelete(subject, ifUnused, ifEmpty);
		return this.queues.delete(queue, (ready, consumers) -> {
			if (ifUnused && consumers > 0) {
				throw ReplyCode.PRECONDITION_FAILED.error("%s in use", subject);
			}
			if (ifEmpty && ready > 0) {
				throw ReplyCode.PRECONDITION_FAILED.error("%s not empty", subject);
			}
		});
	}

	int purgeQueue(String name) {
		MessageQueue queue = readableQueue(name);
		checkNotLocked(queue);
		int purged = queue.purge();
		this.events.purged(queue, purged);
		return purged;
	}

	void bindQueue(String queueName, String exchangeName, String key, Map<String, @Nullable Object> arguments) {
		this.access.checkBindQueue(actualName(queueName), exchangeName, actualKey(queueName, key));
		Binding binding = queueBinding(queueName, exchangeName, key, arguments);
		checkBinding(binding);
		bind(binding);
	}

	private void checkBinding(Binding binding) {
		this.rules.check(binding, binding.target() instanceof MessageQueue queue && queue.arguments().quorum());
	}

	private void bind(Binding binding) {
		this.usage.bound(binding);
		this.events.bound(binding);
		if (!this.exchanges.bind(binding)) {
			RoutingTarget target = binding.target();
			// Somebody deleted one of them meanwhile.
			exchange(binding.source().name());
			throw (target instanceof Exchange) ? noExchange(target.name()) : noQueue(target.name());
		}
	}

	void unbindQueue(String queueName, String exchangeName, String key, Map<String, @Nullable Object> arguments) {
		this.access.checkBindQueue(actualName(queueName), exchangeName, actualKey(queueName, key));
		if (this.queues.queue(actualName(queueName)) == null || this.exchanges.exchange(exchangeName) == null) {
			// Nothing is bound to what is not there.
			return;
		}
		this.exchanges.unbind(queueBinding(queueName, exchangeName, key, arguments));
	}

	/**
	 * Both names empty mean the queue declared last, and its name.
	 */
	private String actualKey(String queueName, String key) {
		return (queueName.isEmpty() && key.isEmpty()) ? actualName(queueName) : key;
	}

	private Binding queueBinding(String queueName, String exchangeName, String key,
			Map<String, @Nullable Object> arguments) {
		Exchange exchange = exchange(exchangeName);
		MessageQueue queue = queue(queueName);
		checkNotLocked(queue);
		return new Binding(exchange, queue, actualKey(queueName, key), arguments);
	}

	void declareExchange(String wireName, String typeName, boolean passive, boolean durable, boolean autoDelete,
			boolean internal, Map<String, @Nullable Object> arguments) {
		String name = Names.withoutLineBreaks(wireName);
		if (passive) {
			VirtualHostAccess.checkNotDefault(name);
			this.access.checkPassiveExchange(name);
			this.usage.looked(this.access, name);
			exchange(name);
			return;
		}
		ExchangeType type = this.rules.type(typeName);
		VirtualHostAccess.checkNotDefault(name);
		this.access.checkConfigureExchange(name);
		ExchangeDefinition definition = new ExchangeDefinition(name, type, durable, autoDelete, internal, arguments);
		Exchange existing = this.exchanges.exchange(name);
		if (existing == null) {
			if (name.startsWith(Names.RESERVED_PREFIX)) {
				throw reserved(name);
			}
			checkAlternateExchange(definition);
			this.rules.check(definition);
			existing = this.exchanges.declare(definition);
		}
		if (existing.definition() != definition) {
			checkEquivalent(definition, existing.definition());
		}
		this.usage.declared(definition);
	}

	private static ProtocolException reserved(String exchange) {
		return ReplyCode.ACCESS_REFUSED.error("exchange name '%s' contains reserved prefix 'amq.*'", exchange);
	}

	private void checkAlternateExchange(ExchangeDefinition definition) {
		if (!definition.arguments().containsKey(ExchangeDefinition.ALTERNATE_EXCHANGE)) {
			return;
		}
		Object value = definition.arguments().get(ExchangeDefinition.ALTERNATE_EXCHANGE);
		if (!(value instanceof String alternate)) {
			throw ReplyCode.PRECONDITION_FAILED.error("invalid arg '%s' for %s: {unacceptable_type,%s}",
					ExchangeDefinition.ALTERNATE_EXCHANGE, Names.exchange(definition.name(), this.virtualHost),
					ArgumentTable.typeName(value));
		}
		this.access.checkReadExchange(definition.name());
		this.access.checkWriteExchange(alternate);
	}

	private void checkEquivalent(ExchangeDefinition wanted, ExchangeDefinition current) {
		new Equivalence(Names.exchange(current.name(), this.virtualHost), this.dialect)
			.check("type", wanted.type().wireName(), current.type().wireName())
			.check("durable", wanted.durable(), current.durable())
			.check("auto_delete", wanted.autoDelete(), current.autoDelete())
			.check("internal", wanted.internal(), current.internal())
			.checkArguments(List.of(ExchangeDefinition.ALTERNATE_EXCHANGE), wanted.arguments(), current.arguments());
	}

	void deleteExchange(String name, boolean ifUnused) {
		VirtualHostAccess.checkNotDefault(name);
		if (name.startsWith(Names.RESERVED_PREFIX)) {
			throw ReplyCode.ACCESS_REFUSED.error("deletion of system exchange '%s' in vhost '%s' not allowed", name,
					this.virtualHost);
		}
		this.access.checkConfigureExchange(name);
		Exchange exchange = this.exchanges.exchange(name);
		if (exchange == null) {
			return;
		}
		if (!this.exchanges.delete(exchange, ifUnused)) {
			throw ReplyCode.PRECONDITION_FAILED.error("%s in use", Names.exchange(name, this.virtualHost));
		}
	}

	void bindExchange(String destination, String source, String key, Map<String, @Nullable Object> arguments) {
		this.access.checkBindExchange(destination, source, key);
		Binding binding = exchangeBinding(destination, source, key, arguments);
		checkBinding(binding);
		bind(binding);
	}

	void unbindExchange(String destination, String source, String key, Map<String, @Nullable Object> arguments) {
		this.access.checkBindExchange(destination, source, key);
		if (this.exchanges.exchange(destination) == null || this.exchanges.exchange(source) == null) {
			return;
		}
		this.exchanges.unbind(exchangeBinding(destination, source, key, arguments));
	}

	private Binding exchangeBinding(String destination, String source, String key,
			Map<String, @Nullable Object> arguments) {
		Exchange from = exchange(source);
		Exchange to = exchange(destination);
		return new Binding(from, to, key, arguments);
	}

	/**
	 * What a client is told about a queue it declared.
	 *
	 * @param messages how many are ready
	 */
	record DeclaredQueue(String name, int messages, int consumers) {

	}

}
