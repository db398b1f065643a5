package dev.warren.broker.rabbitmq.upgrade;

import java.util.Locale;

import dev.warren.broker.rabbitmq.wire.Dialect;

/**
 * Something that RabbitMQ changed, and that an application may notice.
 *
 * @see <a href="https://www.rabbitmq.com/release-information">Release notes</a>
 */
public enum Change {

	LARGE_MESSAGE(Dialect.V4_0, Effect.REFUSED, "A message may have at most 16 MiB, instead of 128.",
			"Store large content elsewhere and send a reference to it, or raise RabbitMQ's max_message_size."),

	QUORUM_QUEUE_WITHOUT_DELIVERY_LIMIT(Dialect.V4_0, Effect.DIFFERENT,
			"A quorum queue without a delivery limit of its own drops or dead-letters a message that comes back more"
					+ " than 20 times.",
			"Declare the queue with x-delivery-limit (-1 is no limit) and with a dead-letter exchange."),

	CLIENT_WRITTEN_DEATHS(Dialect.V4_0, Effect.DIFFERENT,
			"The x-death that a client publishes is dropped when the message is dead-lettered: an"
					+ " application that counts attempts there never stops.",
			"Count the attempts in a header of your own."),

	HEADERS_OF_OTHER_TYPES(Dialect.V4_0, Effect.DIFFERENT,
			"A headers exchange no longer treats an integer, a float and a timestamp as equal.",
			"Bind and publish with the same type."),

	PRIORITY_IN_QUORUM_QUEUE(Dialect.V4_0, Effect.DIFFERENT,
			"A quorum queue looks at priorities: 4.0 delivers those above 4 twice as often, 4.3 keeps 32 in order.",
			"Publish without a priority where the order of arrival counts."),

	CARBON_COPIES_OF_DEAD_LETTER(Dialect.V4_0, Effect.DIFFERENT,
			"A dead letter keeps its header CC where x-dead-letter-routing-key takes the place of its keys.",
			"Do not take the keys of a dead letter from its header CC."),

	TRANSIENT_QUEUE(Dialect.V4_0, Effect.DEPRECATED,
			"A queue that is neither durable nor exclusive (transient_nonexcl_queues) will be refused.",
			"Declare it durable, with x-expires if it is to go by itself, or exclusive."),

	GLOBAL_PREFETCH(Dialect.V4_3, Effect.DIFFERENT,
			"A global prefetch (global_qos) becomes one for each consumer: a channel with several gets more at a"
					+ " time.",
			"Set the prefetch of each consumer (global=false), and use one consumer where several must share it."),

	QUEUE_MASTER_LOCATOR(Dialect.V4_3, Effect.REFUSED,
			"x-queue-master-locator (queue_master_locator) closes the connection, with 541.",
			"Use x-queue-leader-locator, from 4.0 on."),

	QUEUE_MODE(Dialect.V4_3, Effect.DIFFERENT, "x-queue-mode means nothing.",
			"Leave it out: every classic queue now behaves as a lazy one did."),

	REFUSED_ARGUMENT(Dialect.V4_3, Effect.REFUSED,
			"An argument of the queue, or of a consumer of it, is refused: one that only another type of queue knows,"
					+ " such as x-consumer-timeout of a classic queue, or a value that has no meaning any more, such as"
					+ " x-queue-version 1.",
			"Leave it out, or declare the type of queue that knows it."),

	UNCOUNTED_NACK(Dialect.V4_3, Effect.DIFFERENT,
			"A message that goes back to a quorum queue by basic.nack or basic.recover no longer counts towards its"
					+ " delivery limit, so one that always fails comes back for ever.",
			"Requeue with basic.reject, give up after some attempts, or look at x-acquired-count."),

	MANY_HASHES(Dialect.V4_3, Effect.REFUSED, "A binding key of a topic exchange has at most two '#'.",
			"Bind with a more specific key, or filter in the consumer."),

	SMALL_FRAMES(Dialect.V4_3, Effect.REFUSED, "A client must accept frames of at least 8,192 bytes.",
			"Leave the client's frame_max at its default."),

	PASSIVE_WITHOUT_PERMISSION(Dialect.V4_3, Effect.REFUSED, "A passive declaration needs a permission of some kind.",
			"Permit the user to read what it looks for."),

	LATE_CONSUMER(Dialect.V4_3, Effect.DIFFERENT,
			"A consumer that does not acknowledge within consumer_timeout is cancelled, and its messages go to others;"
					+ " its channel stays open. On a classic queue it may take any time.",
			"Handle the cancellation in the consumer, and give long tasks a longer x-consumer-timeout."),

	DELAYED_EXCHANGE(Dialect.V4_3, Effect.DEPRECATED,
			"The plugin with the exchange type x-delayed-message is archived since January 2026.",
			"Publish to a queue with x-message-ttl and a dead-letter exchange, one queue for each delay."),

	MANDATORY_REPLY(Dialect.V4_3, Effect.DIFFERENT,
			"A mandatory direct reply that was delivered no longer comes back as unroutable.",
			"Take a return for what it says: nobody got the reply."),

	REDELIVERED_DEAD_LETTER(Dialect.V4_3, Effect.DIFFERENT,
			"A message that dies after it was rejected with basic.reject, or its channel was lost, is marked as"
					+ " redelivered where it is dead-lettered to.",
			"In the consumer of dead letters, look at x-death instead of at redelivered.");

	private final Dialect since;

	private final Effect effect;

	private final String text;

	private final String cure;

	Change(Dialect since, Effect effect, String text, String cure) {
		this.since = since;
		this.effect = effect;
		this.text = text;
		this.cure = cure;
	}

	/**
	 * Such as {@code global-prefetch}.
	 */
	public String id() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	public Dialect since() {
		return this.since;
	}

	public Effect effect() {
		return this.effect;
	}

	/**
	 * What is so since then.
	 */
	public String text() {
		return this.text;
	}

	/**
	 * What the application can do about it.
	 */
	public String cure() {
		return this.cure;
	}

	/**
	 * Whether somebody who uses it with that version should know: it is still to come, or
	 * nothing else tells.
	 */
	boolean concerns(Dialect dialect) {
		return dialect.compareTo(this.since) < 0 || this.effect == Effect.DEPRECATED || this == GLOBAL_PREFETCH;
	}

	/** What becomes of a use. */
	public enum Effect {

		/** It is an error. */
		REFUSED,

		/** It works, and does something else. */
		DIFFERENT,

		/** It works, and a later version will refuse it. */
		DEPRECATED

	}

}
