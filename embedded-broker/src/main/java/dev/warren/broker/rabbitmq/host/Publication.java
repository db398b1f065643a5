package dev.warren.broker.rabbitmq.host;

import java.util.List;

import dev.warren.broker.rabbitmq.event.Detail;
import dev.warren.broker.rabbitmq.event.Events;
import dev.warren.broker.rabbitmq.event.Happening;
import dev.warren.broker.rabbitmq.event.Origin;
import dev.warren.broker.rabbitmq.queue.MessageQueue;
import dev.warren.broker.rabbitmq.routing.Exchange;
import dev.warren.broker.rabbitmq.routing.Ways;
import dev.warren.broker.rabbitmq.store.Message;
import dev.warren.broker.rabbitmq.store.MessageSnapshot;

/**
 * What is told of a message that is published: in a transaction later than it is routed,
 * or never, and to a queue that is full not at all.
 */
public interface Publication {

	/** While nobody listens. */
	Publication UNHEARD = new Publication() {

		@Override
		public void published() {
		}

		@Override
		public void routed(List<MessageQueue> accepting) {
		}

	};

	/**
	 * The message is published, and unroutable if there is no queue for it.
	 */
	void published();

	/**
	 * The message comes to its queues.
	 * @param accepting those of its queues that are not full
	 */
	void routed(List<MessageQueue> accepting);

	/**
	 * One that somebody hears of.
	 */
	final class Heard implements Publication {

		private static final String NO_QUEUE = "";

		private final VirtualHost virtualHost;

		private final Events events;

		private final Origin origin;

		private final Exchange exchange;

		private final MessageSnapshot message;

		private final Ways<MessageQueue> ways;

		Heard(VirtualHost virtualHost, Origin origin, Exchange exchange, Message message, Ways<MessageQueue> ways) {
			this.virtualHost = virtualHost;
			this.events = virtualHost.queues().events();
			this.origin = origin;
			this.exchange = exchange;
			this.message = this.events.snapshot(message);
			this.ways = ways;
		}

		@Override
		public void published() {
			this.events.show(Happening.PUBLISHED, this.origin, this.message, NO_QUEUE, Detail.NONE);
			if (this.ways.areNone()) {
				this.events.show(Happening.UNROUTABLE, this.origin, this.message, NO_QUEUE, new Detail.Reason(
						() -> this.virtualHost.exchanges().explain(this.exchange, this.message.routingKey())));
			}
		}

		@Override
		public void routed(List<MessageQueue> accepting) {
			this.ways.tell(this.events, this.origin, this.message, accepting);
		}

	}

}
