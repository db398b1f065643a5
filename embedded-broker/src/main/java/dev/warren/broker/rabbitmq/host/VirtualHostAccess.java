package dev.warren.broker.rabbitmq.host;

import java.util.List;

import dev.warren.broker.rabbitmq.access.Permissions;
import dev.warren.broker.rabbitmq.definitions.Grant;
import dev.warren.broker.rabbitmq.routing.Exchange;
import dev.warren.broker.rabbitmq.store.ExchangeType;
import dev.warren.broker.rabbitmq.wire.Dialect;
import dev.warren.broker.rabbitmq.wire.Expiration;
import dev.warren.broker.rabbitmq.wire.MessageProperties;
import dev.warren.broker.rabbitmq.wire.Names;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import dev.warren.broker.rabbitmq.wire.ReplyCode;

/**
 * A user's access to a virtual host.
 *
 * @param connectionName what the client calls its connection, or else itself; empty if it
 * has no name for either
 * @param grant what the user may do there, which may change meanwhile
 * @param log what an operator reads of it
 */
public record VirtualHostAccess(VirtualHost virtualHost, String user, String connectionName, Grant grant,
		ClientLog log) {

	private Permissions permissions() {
		return this.grant.current();
	}

	public void checkConfigureQueue(String queue) {
		check(permissions().mayConfigure(queue), "configure", queue(queue));
	}

	public void checkConfigureExchange(String exchange) {
		check(permissions().mayConfigure(exchange), "configure", Names.exchange(exchange, this.virtualHost.name()));
	}

	/**
	 * Declaring passively, where it takes a permission, takes any.
	 */
	public void checkPassiveQueue(String queue) {
		checkAny(queue, queue(queue));
	}

	public void checkPassiveExchange(String exchange) {
		checkAny(exchange, exchange(exchange));
	}

	private void checkAny(String name, String resource) {
		check(!dialect().asksForPermissionWhenPassive() || hasAny(name), "configure", resource);
	}

	/**
	 * Whether the user may do anything at all with what has that name.
	 */
	public boolean hasAny(String name) {
		return permissions().mayConfigure(name) || permissions().mayWrite(name) || permissions().mayRead(name);
	}

	public void checkReadQueue(String queue) {
		check(permissions().mayRead(queue), "read", queue(queue));
	}

	public void checkReadExchange(String exchange) {
		check(permissions().mayRead(exchange), "read", exchange(exchange));
	}

	// Asked for each message published: what is refused is only named when it is.
	public void checkWriteExchange(String exchange) {
		if (!permissions().mayWrite(exchange)) {
			throw refusal("write", exchange(exchange));
		}
	}

	/**
	 * The exchange of that name, for the user to publish to.
	 */
	public Exchange exchangeToPublishTo(String name) {
		checkWriteExchange(name);
		Exchange exchange = this.virtualHost.exchanges().exchange(name);
		if (exchange == null) {
			throw ReplyCode.NOT_FOUND.error("no exchange '%s' in vhost '%s'", name, this.virtualHost.name());
		}
		if (exchange.definition().internal()) {
			throw ReplyCode.ACCESS_REFUSED.error("cannot publish to internal %s",
					Names.exchange(exchange.name(), this.virtualHost.name()));
		}
		return exchange;
	}

	/**
	 * Checks those properties of a message that the broker goes by.
	 */
	public void checkPublished(MessageProperties properties) {
		String userId = properties.userId();
		if (userId != null && !userId.equals(this.user)) {
			throw ReplyCode.PRECONDITION_FAILED.error("user_id property set to '%s' but authenticated user was '%s'",
					userId, this.user);
		}
		String expiration = properties.expiration();
		if (expiration != null) {
			Expiration.check(expiration);
		}
	}

	/**
	 * Checks that a message may go to an exchange by these routing keys.
	 */
	public void checkWriteTopics(Exchange exchange, List<String> routingKeys) {
		if (exchange.definition().type() == ExchangeType.TOPIC) {
			for (String key : routingKeys) {
				if (!permissions().mayWriteTopic(exchange.name(), key)) {
					throw refusal("write", topic(exchange, key));
				}
			}
		}
	}

	/**
	 * Checks that a queue may be bound to an exchange, or unbound, with this key.
	 */
	public void checkBindQueue(String queue, String exchange, String key) {
		check(permissions().mayWrite(queue), "write", queue(queue));
		checkBindTo(exchange, key);
	}

	/**
	 * Checks that an exchange may be bound to another one, or unbound, with this key.
	 */
	public void checkBindExchange(String destination, String source, String key) {
		checkWriteExchange(destination);
		checkNotDefault(destination);
		checkBindTo(source, key);
	}

	private void checkBindTo(String name, String key) {
		checkNotDefault(name);
		checkReadExchange(name);
		Exchange exchange = this.virtualHost.exchanges().exchange(name);
		if (exchange != null && exchange.definition().type() == ExchangeType.TOPIC
				&& !permissions().mayReadTopic(name, key)) {
			throw refusal("read", topic(exchange, key));
		}
	}

	public static void checkNotDefault(String exchange) {
		if (exchange.equals(Exchange.DEFAULT)) {
			throw ReplyCode.ACCESS_REFUSED.error("operation not permitted on the default exchange");
		}
	}

	private String topic(Exchange exchange, String key) {
		return "topic '" + key + "' in " + Names.exchange(exchange.name(), this.virtualHost.name());
	}

	private String queue(String queue) {
		return Names.queue(queue, this.virtualHost.name());
	}

	private String exchange(String name) {
		return Names.exchange(name.isEmpty() ? Permissions.DEFAULT_EXCHANGE : name, this.virtualHost.name());
	}

	private void check(boolean allowed, String kind, String resource) {
		if (!allowed) {
			throw refusal(kind, resource);
		}
	}

	private ProtocolException refusal(String kind, String resource) {
		return ReplyCode.ACCESS_REFUSED.error("%saccess to %s refused for user '%s'",
				dialect().namesRefusedAccess() ? kind + " " : "", resource, this.user);
	}

	private Dialect dialect() {
		return this.virtualHost.queues().dialect();
	}

}
