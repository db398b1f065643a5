package dev.warren.broker.rabbitmq.routing;

/**
 * Every queue is bound to the default exchange by its name, and nothing else is.
 */
final class DefaultExchangeRoutes implements Routes {

	private final QueueLocator queues;

	DefaultExchangeRoutes(QueueLocator queues) {
		this.queues = queues;
	}

	@Override
	public void add(Binding binding) {
		throw new UnsupportedOperationException("The default exchange has no bindings of its own");
	}

	@Override
	public void remove(Binding binding) {
		throw new UnsupportedOperationException("The default exchange has no bindings of its own");
	}

	@Override
	public void match(String routingKey, Routing<?> routing) {
		RoutingTarget queue = this.queues.queue(routingKey);
		if (queue != null) {
			routing.add(queue);
		}
	}

}
