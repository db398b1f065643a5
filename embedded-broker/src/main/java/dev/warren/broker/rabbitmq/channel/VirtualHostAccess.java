package dev.warren.broker.rabbitmq.channel;

import dev.warren.broker.rabbitmq.routing.Exchange;
import dev.warren.broker.rabbitmq.routing.RoutingTarget;
import dev.warren.broker.rabbitmq.wire.Names;
import dev.warren.broker.rabbitmq.wire.ReplyCode;

/**
 * A user's access to a virtual host.
 */
public record VirtualHostAccess(VirtualHost virtualHost, String user, Permissions permissions) {

	void checkConfigureQueue(String queue) {
		check(this.permissions.mayConfigure(queue), Names.queue(queue, this.virtualHost.name()));
	}

	void checkConfigureExchange(String exchange) {
		check(this.permissions.mayConfigure(exchange), Names.exchange(exchange, this.virtualHost.name()));
	}

	void checkRead(RoutingTarget target) {
		check(this.permissions.mayRead(target.name()), target);
	}

	void checkReadQueue(String queue) {
		check(this.permissions.mayRead(queue), Names.queue(queue, this.virtualHost.name()));
	}

	void checkReadExchange(String exchange) {
		check(this.permissions.mayRead(exchange), exchange(exchange));
	}

	void checkWrite(RoutingTarget target) {
		check(this.permissions.mayWrite(target.name()), target);
	}

	void checkWriteExchange(String exchange) {
		check(this.permissions.mayWrite(exchange), exchange(exchange));
	}

	// Asked for each message published: what is refused is only named when it is.
	private void check(boolean allowed, RoutingTarget target) {
		if (!allowed) {
			check(false, resource(target));
		}
	}

	private String resource(RoutingTarget target) {
		return (target instanceof Exchange) ? exchange(target.name())
				: Names.queue(target.name(), this.virtualHost.name());
	}

	private String exchange(String name) {
		return Names.exchange(name.isEmpty() ? Permissions.DEFAULT_EXCHANGE : name, this.virtualHost.name());
	}

	private void check(boolean allowed, String resource) {
		if (!allowed) {
			throw ReplyCode.ACCESS_REFUSED.error("access to %s refused for user '%s'", resource, this.user);
		}
	}

}
