package dev.warren.broker.rabbitmq.routing;

import java.util.Map;

import dev.warren.broker.rabbitmq.event.Detail;
import dev.warren.broker.rabbitmq.store.BindingDefinition;
import org.jspecify.annotations.Nullable;

/**
 * A way from an exchange to a queue or to another exchange. Two bindings with other
 * arguments are two, even under the same key.
 */
public record Binding(Exchange source, RoutingTarget target, String key, Map<String, @Nullable Object> arguments) {

	boolean isDurable() {
		return this.source.isDurable() && this.target.isDurable();
	}

	BindingDefinition definition() {
		return new BindingDefinition(this.target.name(), this.target instanceof Exchange, this.key, this.arguments);
	}

	public Detail.Way way() {
		return new Detail.Way(this.source.name(), this.key, this.arguments);
	}

}
