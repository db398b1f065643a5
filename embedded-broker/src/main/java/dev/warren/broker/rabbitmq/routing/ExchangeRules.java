package dev.warren.broker.rabbitmq.routing;

import dev.warren.broker.rabbitmq.store.ExchangeDefinition;
import dev.warren.broker.rabbitmq.store.ExchangeType;
import dev.warren.broker.rabbitmq.wire.Dialect;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import org.jspecify.annotations.Nullable;

/**
 * Which types of exchange there are, and what a type asks of the arguments of its
 * exchanges and of their bindings.
 */
public final class ExchangeRules {

	private final Dialect dialect;

	public ExchangeRules(Dialect dialect) {
		this.dialect = dialect;
	}

	/**
	 * The type of that name.
	 * @throws ProtocolException if there is none
	 */
	public ExchangeType type(String name) {
		ExchangeType type = ExchangeType.of(name);
		if (type == null || (type == ExchangeType.LOCAL_RANDOM && !this.dialect.hasLocalRandomExchanges())) {
			ReplyCode code = this.dialect.closesChannelForUnknownExchangeType() ? ReplyCode.PRECONDITION_FAILED
					: ReplyCode.COMMAND_INVALID;
			throw code.error("unknown exchange type '%s'", name);
		}
		return type;
	}

	/**
	 * @throws ProtocolException if there can be no such exchange
	 */
	public void check(ExchangeDefinition exchange) {
		if (exchange.type() == ExchangeType.DELAYED) {
			checkDelayedType(exchange.arguments().get(ExchangeDefinition.DELAYED_TYPE));
		}
		if (exchange.routingType() == ExchangeType.CONSISTENT_HASH) {
			HashRoutes.check(exchange.arguments());
		}
	}

	private void checkDelayedType(@Nullable Object name) {
		if (!(name instanceof String text)) {
			throw ReplyCode.PRECONDITION_FAILED.error("Invalid argument, '%s' must be an existing exchange type",
					ExchangeDefinition.DELAYED_TYPE);
		}
		if (type(text) == ExchangeType.DELAYED) {
			throw ReplyCode.PRECONDITION_FAILED.error("Invalid argument, '%s' can't be used for '%s'", text,
					ExchangeDefinition.DELAYED_TYPE);
		}
	}

	/**
	 * How many words {@code #} are in the binding's key, if it is a pattern.
	 */
	public static long hashes(Binding binding) {
		return (binding.source().definition().routingType() == ExchangeType.TOPIC) ? TopicRoutes.hashes(binding.key())
				: 0;
	}

	/**
	 * @param toQuorumQueue whether the target is one
	 * @throws ProtocolException if the exchange can have no such binding
	 */
	public void check(Binding binding, boolean toQuorumQueue) {
		switch (binding.source().definition().routingType()) {
			case HEADERS -> HeadersRoutes.check(binding.arguments());
			case TOPIC -> TopicRoutes.check(binding.key(), this.dialect.mostHashesInBindingKey());
			case CONSISTENT_HASH -> HashRoutes.check(binding.key());
			case LOCAL_RANDOM -> RandomRoutes.check(binding, toQuorumQueue);
			case DIRECT, FANOUT, DELAYED -> {
			}
		}
	}

}
