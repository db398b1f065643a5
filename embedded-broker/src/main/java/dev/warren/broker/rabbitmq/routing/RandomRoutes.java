package dev.warren.broker.rabbitmq.routing;

import java.util.concurrent.ThreadLocalRandom;

import dev.warren.broker.rabbitmq.wire.ProtocolException;
import dev.warren.broker.rabbitmq.wire.ReplyCode;

/**
 * Any one of the bindings matches.
 *
 * @see <a href="https://www.rabbitmq.com/docs/local-random-exchange">Local Random
 * Exchanges</a>
 */
final class RandomRoutes implements Routes {

	private volatile Binding[] bindings = {};

	/**
	 * @param toQuorumQueue whether the target is one
	 * @throws ProtocolException if the binding has a key, or another target than a
	 * classic queue
	 */
	static void check(Binding binding, boolean toQuorumQueue) {
		if (!binding.key().isEmpty()) {
			throw ReplyCode.PRECONDITION_FAILED.error("Non empty binding '%s' key not permitted", binding.key());
		}
		if (binding.target() instanceof Exchange) {
			throw ReplyCode.PRECONDITION_FAILED.error("Destination not found");
		}
		if (toQuorumQueue) {
			throw ReplyCode.PRECONDITION_FAILED
				.error("Queue type rabbit_quorum_queue not valid for this exchange type");
		}
	}

	@Override
	public void add(Binding binding) {
		this.bindings = FanoutRoutes.with(this.bindings, binding);
	}

	@Override
	public void remove(Binding binding) {
		this.bindings = FanoutRoutes.without(this.bindings, binding);
	}

	@Override
	public void match(String routingKey, Routing<?> routing) {
		Binding[] all = this.bindings;
		if (all.length > 0 && !routing.hasMatched()) {
			routing.add(all[ThreadLocalRandom.current().nextInt(all.length)]);
		}
	}

}
