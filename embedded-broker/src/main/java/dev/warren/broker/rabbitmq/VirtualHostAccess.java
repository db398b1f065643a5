package dev.warren.broker.rabbitmq;

/**
 * A user's access to a virtual host.
 */
record VirtualHostAccess(Topology topology, String user, Permissions permissions) {

	void checkConfigureQueue(String queue) {
		check(this.permissions.mayConfigure(queue), Names.queue(queue, this.topology.virtualHostName()));
	}

	void checkConfigureExchange(String exchange) {
		check(this.permissions.mayConfigure(exchange), Names.exchange(exchange, this.topology.virtualHostName()));
	}

	void checkRead(RoutingTarget target) {
		check(this.permissions.mayRead(target.name()), target);
	}

	void checkWrite(RoutingTarget target) {
		check(this.permissions.mayWrite(target.name()), target);
	}

	private void check(boolean allowed, RoutingTarget target) {
		if (!allowed) {
			check(false, (target instanceof Exchange) ? Names.exchange(target.name(), this.topology.virtualHostName())
					: Names.queue(target.name(), this.topology.virtualHostName()));
		}
	}

	private void check(boolean allowed, String resource) {
		if (!allowed) {
			throw ReplyCode.ACCESS_REFUSED.error("access to %s refused for user '%s'", resource, this.user);
		}
	}

}
