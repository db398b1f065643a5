package dev.warren.broker.rabbitmq.routing;

import dev.warren.broker.rabbitmq.store.ExchangeDefinition;
import dev.warren.broker.rabbitmq.store.ExchangeType;
import dev.warren.broker.rabbitmq.wire.Dialect;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import dev.warren.broker.rabbitmq.wire.ReplyCode;

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
		if (exchange.type() == ExchangeType.CONSISTENT_HASH) {
			HashRoutes.check(exchange.arguments());
		}
	}

	/**
	 * @param toQuorumQueue whether the target is one
	 * @throws ProtocolException if the exchange can have no such binding
	 */
	public void check(Binding binding, boolean toQuorumQueue) {
		switch (binding.source().definition().type()) {
			case HEADERS -> HeadersRoutes.check(binding.arguments());
			case TOPIC -> TopicRoutes.check(binding.key(), this.dialect.mostHashesInBindingKey());
			case CONSISTENT_HASH -> HashRoutes.check(binding.key());
			case LOCAL_RANDOM -> RandomRoutes.check(binding, toQuorumQueue);
			case DIRECT, FANOUT -> {
			}
		}
	}

}
