package dev.warren.broker.rabbitmq.routing;

import java.util.Arrays;

/**
 * Every binding matches.
 */
final class FanoutRoutes implements Routes {

	private volatile Binding[] bindings = {};

	@Override
	public void add(Binding binding) {
		this.bindings = with(this.bindings, binding);
	}

	@Override
	public void remove(Binding binding) {
		this.bindings = without(this.bindings, binding);
	}

	@Override
	public void match(String routingKey, Routing<?> routing) {
		for (Binding binding : this.bindings) {
			routing.add(binding);
		}
	}

	static Binding[] with(Binding[] bindings, Binding binding) {
		Binding[] more = Arrays.copyOf(bindings, bindings.length + 1);
		more[bindings.length] = binding;
		return more;
	}

	static Binding[] without(Binding[] bindings, Binding binding) {
		return Arrays.stream(bindings).filter((other) -> !other.equals(binding)).toArray(Binding[]::new);
	}

}
