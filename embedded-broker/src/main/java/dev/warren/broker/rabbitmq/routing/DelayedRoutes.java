package dev.warren.broker.rabbitmq.routing;

import dev.warren.broker.rabbitmq.wire.Delay;

/**
 * A message that is to be delayed goes to a queue of the exchange's own, from where it is
 * routed again when it is due; any other is routed at once.
 */
final class DelayedRoutes implements Routes {

	private final Routes routes;

	private final RoutingTarget delayQueue;

	DelayedRoutes(Routes routes, RoutingTarget delayQueue) {
		this.routes = routes;
		this.delayQueue = delayQueue;
	}

	@Override
	public void add(Binding binding) {
		this.routes.add(binding);
	}

	@Override
	public void remove(Binding binding) {
		this.routes.remove(binding);
	}

	@Override
	public void match(String routingKey, Routing<?> routing) {
		if (Delay.of(routing.headers()) > 0) {
			routing.delay(this.delayQueue);
		}
		else {
			this.routes.match(routingKey, routing);
		}
	}

}
