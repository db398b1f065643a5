package dev.warren.broker;

import java.util.List;

import dev.warren.broker.rabbitmq.routing.Binding;
import dev.warren.broker.rabbitmq.routing.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * An exchange, for a test to look at. It need not exist yet, and what it tells is how
 * things are at that moment.
 */
public final class BrokerExchange {

	private final VirtualHostView virtualHost;

	private final String name;

	BrokerExchange(VirtualHostView virtualHost, String name) {
		this.virtualHost = virtualHost;
		this.name = name;
	}

	public String name() {
		return this.name;
	}

	public boolean exists() {
		return exchange() != null;
	}

	/**
	 * Its type, such as {@code topic}.
	 * @throws IllegalArgumentException if there is no such exchange
	 */
	public String type() {
		return this.virtualHost.existingExchange(this.name).definition().type().wireName();
	}

	/**
	 * Its bindings, in the order in which they were made; none if there is no such
	 * exchange. Every queue is bound to the default exchange by its name, which is not
	 * among them.
	 */
	public List<BrokerBinding> bindings() {
		Exchange exchange = exchange();
		return (exchange != null) ? exchange.bindings().stream().map(BrokerExchange::binding).toList() : List.of();
	}

	/**
	 * What happened in its virtual host.
	 */
	public Timeline timeline() {
		return this.virtualHost.timeline();
	}

	private static BrokerBinding binding(Binding binding) {
		return new BrokerBinding(binding.target().name(), binding.target() instanceof Exchange, binding.key(),
				binding.arguments());
	}

	private @Nullable Exchange exchange() {
		return this.virtualHost.exchange(this.name);
	}

	@Override
	public String toString() {
		if (this.name.isEmpty()) {
			return "the default exchange";
		}
		return "exchange '" + this.name + "'" + (exists() ? "" : ", which does not exist");
	}

}
