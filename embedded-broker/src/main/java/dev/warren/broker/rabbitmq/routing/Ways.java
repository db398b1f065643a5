package dev.warren.broker.rabbitmq.routing;

import java.util.List;

import dev.warren.broker.rabbitmq.event.Detail;
import dev.warren.broker.rabbitmq.event.Events;
import dev.warren.broker.rabbitmq.event.Happening;
import dev.warren.broker.rabbitmq.event.Origin;
import dev.warren.broker.rabbitmq.store.MessageSnapshot;

/**
 * How a message came to its queues.
 *
 * @param <Q> what queues are
 */
public final class Ways<Q extends RoutingTarget> {

	private final List<Q> queues;

	/** One for each queue. */
	private final List<Detail.Way> ways;

	Ways(List<Q> queues, List<Detail.Way> ways) {
		this.queues = queues;
		this.ways = ways;
	}

	/**
	 * Whether it came to none.
	 */
	public boolean areNone() {
		return this.queues.isEmpty();
	}

	/**
	 * Tells that the message is routed.
	 * @param accepting those of the queues that take it
	 */
	public void tell(Events events, Origin origin, MessageSnapshot message, List<Q> accepting) {
		boolean all = accepting.size() == this.queues.size();
		for (int i = 0; i < this.queues.size(); i++) {
			Q queue = this.queues.get(i);
			if (all || accepting.contains(queue)) {
				events.show(Happening.ROUTED, origin, message, queue.name(), this.ways.get(i));
			}
		}
	}

}
