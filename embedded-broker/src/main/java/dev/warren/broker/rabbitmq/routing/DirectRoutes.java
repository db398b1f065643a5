package dev.warren.broker.rabbitmq.routing;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The binding key equals the routing key.
 */
final class DirectRoutes implements Routes {

	private static final Binding[] NONE = {};

	private final Map<String, Binding[]> byKey = new ConcurrentHashMap<>();

	@Override
	public void add(Binding binding) {
		this.byKey.put(binding.key(), FanoutRoutes.with(this.byKey.getOrDefault(binding.key(), NONE), binding));
	}

	@Override
	public void remove(Binding binding) {
		Binding[] left = FanoutRoutes.without(this.byKey.getOrDefault(binding.key(), NONE), binding);
		if (left.length > 0) {
			this.byKey.put(binding.key(), left);
		}
		else {
			this.byKey.remove(binding.key());
		}
	}

	@Override
	public void match(String routingKey, Routing<?> routing) {
		for (Binding binding : this.byKey.getOrDefault(routingKey, NONE)) {
			routing.add(binding);
		}
	}

}
