package dev.warren.broker.rabbitmq.event;

import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * More about an event: facts, and the same as a text for people.
 */
public sealed interface Detail {

	Detail NONE = new Reason(() -> "");

	Detail FULL = new Reason(() -> "the queue is full");

	/**
	 * The text, which may be empty.
	 */
	String text();

	/**
	 * Why it happened, or what else there is to say.
	 *
	 * @param supplier composes the text when somebody reads it
	 */
	record Reason(Supplier<String> supplier) implements Detail {

		@Override
		public String text() {
			return this.supplier.get();
		}

	}

	/**
	 * By which binding a message came to a queue, or which binding was made.
	 *
	 * @param source the exchange; empty for the default exchange, which has none
	 */
	record Way(String source, String routingKey, Map<String, @Nullable Object> arguments) implements Detail {

		/**
		 * How the default exchange finds a queue.
		 */
		public static Way byName(String queue) {
			return new Way("", queue, Map.of());
		}

		/**
		 * How a message comes to the exchange that an exchange has for what it cannot
		 * route.
		 */
		public static Way alternate(String source, String alternate) {
			return new Way(source, "", Map.of("alternate-exchange", alternate));
		}

		@Override
		public String text() {
			return this.source.isEmpty() ? "by its name" : "by the binding '%s'%s of exchange '%s'"
				.formatted(this.routingKey, this.arguments.isEmpty() ? "" : " with " + this.arguments, this.source);
		}

	}

	/**
	 * What a client is sent.
	 *
	 * @param consumer the consumer's tag; null for {@code basic.get}
	 * @param noAck whether the message is acknowledged by that
	 */
	record Delivery(@Nullable String consumer, long tag, boolean redelivered, boolean noAck) implements Detail {

		@Override
		public String text() {
			return "with the tag " + this.tag + (this.redelivered ? ", redelivered" : "")
					+ (this.noAck ? ", acknowledged by that" : "");
		}

	}

	/**
	 * What somebody without a connection takes.
	 *
	 * @param by who it is
	 * @param noAck whether the message is acknowledged by that
	 */
	record Taking(String by, boolean redelivered, boolean noAck) implements Detail {

		@Override
		public String text() {
			return "to the " + this.by;
		}

	}

	/**
	 * What becomes of a delivery, or of a message that a publisher wants to be confirmed.
	 *
	 * @param tag by which the client knows it
	 * @param why empty if the client asked for it
	 */
	record Settlement(long tag, String why) implements Detail {

		@Override
		public String text() {
			return this.why;
		}

	}

	/**
	 * A consumer that comes or goes.
	 */
	record Subscription(String consumer, boolean noAck) implements Detail {

		@Override
		public String text() {
			return this.consumer;
		}

	}

	/**
	 * Where a dead letter goes.
	 *
	 * @param exchange its name
	 */
	record Republication(String exchange, String routingKey) implements Detail {

		@Override
		public String text() {
			return (this.exchange.isEmpty() ? "to the default exchange" : "to exchange '" + this.exchange + "'")
					+ " with the key '" + this.routingKey + "'";
		}

	}

	/**
	 * How many messages go.
	 */
	record Removal(int messages, boolean withQueue) implements Detail {

		@Override
		public String text() {
			return (this.withQueue ? "with " : "") + this.messages + " messages";
		}

	}

}
