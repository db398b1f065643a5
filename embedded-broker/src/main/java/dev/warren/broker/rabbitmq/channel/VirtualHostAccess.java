package dev.warren.broker.rabbitmq.channel;

import dev.warren.broker.rabbitmq.access.Permissions;
import dev.warren.broker.rabbitmq.routing.Exchange;
import dev.warren.broker.rabbitmq.routing.RoutingTarget;
import dev.warren.broker.rabbitmq.wire.Dialect;
import dev.warren.broker.rabbitmq.wire.Names;
import dev.warren.broker.rabbitmq.wire.ReplyCode;

/**
 * A user's access to a virtual host.
 *
 * @param connectionName what the client calls its connection, or else itself
 */
public record VirtualHostAccess(VirtualHost virtualHost, String user, String connectionName, Permissions permissions) {

	public void checkConfigureQueue(String queue) {
		check(this.permissions.mayConfigure(queue), "configure", queue(queue));
	}

	public void checkConfigureExchange(String exchange) {
		check(this.permissions.mayConfigure(exchange), "configure", Names.exchange(exchange, this.virtualHost.name()));
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
		return this.permissions.mayConfigure(name) || this.permissions.mayWrite(name) || this.permissions.mayRead(name);
	}

	public void checkRead(RoutingTarget target) {
		check(this.permissions.mayRead(target.name()), "read", target);
	}

	public void checkReadQueue(String queue) {
		check(this.permissions.mayRead(queue), "read", queue(queue));
	}

	public void checkReadExchange(String exchange) {
		check(this.permissions.mayRead(exchange), "read", exchange(exchange));
	}

	public void checkWrite(RoutingTarget target) {
		check(this.permissions.mayWrite(target.name()), "write", target);
	}

	public void checkWriteExchange(String exchange) {
		check(this.permissions.mayWrite(exchange), "write", exchange(exchange));
	}

	// Asked for each message published: what is refused is only named when it is.
	private void check(boolean allowed, String kind, RoutingTarget target) {
		if (!allowed) {
			check(false, kind, (target instanceof Exchange) ? exchange(target.name()) : queue(target.name()));
		}
	}

	private String queue(String queue) {
		return Names.queue(queue, this.virtualHost.name());
	}

	private String exchange(String name) {
		return Names.exchange(name.isEmpty() ? Permissions.DEFAULT_EXCHANGE : name, this.virtualHost.name());
	}

	private void check(boolean allowed, String kind, String resource) {
		if (!allowed) {
			throw ReplyCode.ACCESS_REFUSED.error("%saccess to %s refused for user '%s'",
					dialect().namesRefusedAccess() ? kind + " " : "", resource, this.user);
		}
	}

	private Dialect dialect() {
		return this.virtualHost.queues().dialect();
	}

}
