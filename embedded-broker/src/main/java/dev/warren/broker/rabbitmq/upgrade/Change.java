package dev.warren.broker.rabbitmq.upgrade;

import java.util.Locale;

import dev.warren.broker.rabbitmq.wire.Dialect;

/**
 * Something that RabbitMQ changed, and that an application may notice.
 *
 * @see <a href="https://www.rabbitmq.com/release-information">Release notes</a>
 */
public enum Change {

	LARGE_MESSAGE(Dialect.V4_0, Effect.REFUSED, "A message may have 16 MiB, instead of 128.",
			"Keep what is large elsewhere and send where it is, or raise RabbitMQ's max_message_size."),

	QUORUM_QUEUE_WITHOUT_DELIVERY_LIMIT(Dialect.V4_0, Effect.DIFFERENT,
			"A quorum queue that does not say how often a message may come back drops or dead-letters it after"
					+ " 20 times.",
			"Declare the queue with x-delivery-limit (-1 is no limit) and with a dead-letter exchange."),

	CLIENT_WRITTEN_DEATHS(Dialect.V4_0, Effect.DIFFERENT,
			"The x-death that a client publishes is dropped when the message is dead-lettered: counting in it"
					+ " never ends.",
			"Count the attempts in a header of your own."),

	HEADERS_OF_OTHER_TYPES(Dialect.V4_0, Effect.DIFFERENT,
			"A headers exchange no longer takes an integer, a float and a timestamp for the same.",
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
			"Ask for a prefetch of each consumer (global=false), and for what must share one have one consumer."),

	QUEUE_MASTER_LOCATOR(Dialect.V4_3, Effect.REFUSED,
			"x-queue-master-locator (queue_master_locator) closes the connection, with 541.",
			"Use x-queue-leader-locator, from 4.0 on."),

	QUEUE_MODE(Dialect.V4_3, Effect.DIFFERENT, "x-queue-mode means nothing.",
			"Leave it out: every classic queue is as a lazy one was."),

	REFUSED_ARGUMENT(Dialect.V4_3, Effect.REFUSED,
			"An argument of the queue, or of a consumer of it, is refused: one that only another type of queue knows,"
					+ " such as x-consumer-timeout of a classic queue, or a value that has no meaning any more, such as"
					+ " x-queue-version 1.",
			"Leave it out, or declare the type of queue that knows it."),

	UNCOUNTED_NACK(Dialect.V4_3, Effect.DIFFERENT,
			"What basic.nack or basic.recover gives back to a quorum queue no longer counts for its delivery limit,"
					+ " so that a message which always fails comes back for ever.",
			"Give back with basic.reject, reject for good after some attempts, or look at x-acquired-count."),

	MANY_HASHES(Dialect.V4_3, Effect.REFUSED, "A binding key of a topic exchange has at most two '#'.",
			"Bind with a key that says more, or filter in the consumer."),

	SMALL_FRAMES(Dialect.V4_3, Effect.REFUSED, "A client must take frames of 8,192 bytes at least.",
			"Leave the client's frame_max at its default."),

	PASSIVE_WITHOUT_PERMISSION(Dialect.V4_3, Effect.REFUSED,
			"Declaring passively takes a permission, of whatever kind.", "Permit the user to read what it looks at."),

	LATE_CONSUMER(Dialect.V4_3, Effect.DIFFERENT,
			"A consumer that does not acknowledge within consumer_timeout is cancelled, and its messages go to others;"
					+ " its channel stays open. On a classic queue it may take any time.",
			"Have the consumer notice that it is cancelled, and give long tasks a longer x-consumer-timeout."),

	DELAYED_EXCHANGE(Dialect.V4_3, Effect.DEPRECATED,
			"The plugin with the exchange type x-delayed-message is archived since January 2026.",
			"Publish to a queue with x-message-ttl and a dead-letter exchange, one queue for each delay."),

	MANDATORY_REPLY(Dialect.V4_3, Effect.DIFFERENT,
			"A mandatory reply that its asker got does not come back as unroutable.",
			"Take a return for what it says: that nobody got the reply."),

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
