package dev.warren.broker;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.warren.broker.rabbitmq.fault.Disturbance;
import dev.warren.broker.rabbitmq.fault.Disturbances;
import dev.warren.broker.rabbitmq.fault.Faults;
import dev.warren.broker.rabbitmq.store.MessageSnapshot;
import dev.warren.broker.rabbitmq.wire.ReplyCode;
import org.jspecify.annotations.Nullable;

/**
 * What is to go wrong in a virtual host, so that a test sees how its application bears
 * it. All clients of the virtual host are concerned, those that a test itself has
 * included. Thread-safe.
 * <p>
 * Some faults happen at once ({@link #dropConnections}, {@link #cancelConsumers},
 * {@link #closeChannels}), some to the next so many messages, and some last until they
 * are ended: {@linkplain Lasting closed}, undone by the method of the opposite name, or
 * ended with all others by {@link #clear()}, which {@link EmbeddedBroker#reset()} and the
 * end of a JUnit test call.
 *
 * <pre>{@code
 * broker.faults().loseConfirms(1);
 * try (BrokerFaults.Lasting outage = broker.faults().refuseConnections()) {
 *     broker.faults().dropConnections();
 *     // the application has no broker
 * }
 * }</pre>
 */
public final class BrokerFaults {

	/** More octets do not fit into a short string. */
	private static final int LONGEST_REASON = 255;

	private static final Duration LONGEST_DELAY = Duration.ofDays(1);

	private final String virtualHost;

	private final Supplier<Faults> engine;

	/** Those of the engine; null as long as nothing was asked for. */
	private volatile @Nullable Faults faults;

	BrokerFaults(String virtualHost, Supplier<Faults> engine) {
		this.virtualHost = virtualHost;
		this.engine = engine;
	}

	private Faults faults() {
		Faults known = this.faults;
		if (known == null) {
			known = this.engine.get();
			this.faults = known;
		}
		return known;
	}

	/**
	 * Drops all connections as if the network had gone: the sockets close, without a
	 * {@code connection.close} before. Returns when the messages that they had not
	 * acknowledged are back in their queues. Clients may connect again at once, unless
	 * connections are {@linkplain #refuseConnections() refused}.
	 * <p>
	 * The Java client sees a {@code ShutdownSignalException} whose cause is an
	 * {@code EOFException}, and recovers.
	 * @return how many connections there were
	 */
	public int dropConnections() {
		return faults().dropConnections();
	}

	/**
	 * Refuses connections until that is closed, or {@link #allowConnections()}. Those
	 * there are stay open. A client that connects is hung up on without a word, which the
	 * Java client sees as an {@code IOException}.
	 */
	public Lasting refuseConnections() {
		faults().refuseConnections(true);
		return lasting(this::allowConnections);
	}

	/**
	 * Accepts connections again.
	 */
	public void allowConnections() {
		faults().refuseConnections(false);
	}

	/**
	 * Loses the confirms of the next messages that are published on channels with
	 * publisher confirms: they are stored and routed, but the publisher hears nothing of
	 * them, not by the confirm of a later message either.
	 * <p>
	 * With the Java client, {@code waitForConfirms} times out. With Spring AMQP the
	 * future of the {@code CorrelationData} is not completed until the channel closes,
	 * and is then a nack.
	 * @param count for how many messages, 1 or more; they are added to those before
	 */
	public void loseConfirms(int count) {
		faults().loseConfirms(positive(count, "count"));
	}

	/**
	 * Answers the next messages that are published on channels with publisher confirms
	 * with {@code basic.nack}. They are neither routed nor stored, nor returned.
	 * @param count how many messages, 1 or more; they are added to those before
	 */
	public void nackPublishes(int count) {
		faults().nackPublishes(positive(count, "count"));
	}

	/**
	 * Delivers the next message of a queue twice, as {@link #deliverTwice(String, int)}.
	 */
	public void deliverTwice(String queue) {
		deliverTwice(queue, 1);
	}

	/**
	 * Delivers the next messages of a queue twice, each at once after the first time, to
	 * the same consumer, under a delivery tag of its own and marked as redelivered. So it
	 * is after a client has lost its connection before it acknowledged: what it says of
	 * the first delivery is ignored, and the second one is to be settled. What
	 * {@code basic.get} takes is back in the queue at once, and comes again with the next
	 * {@code basic.get}.
	 * @param queue the name of the queue, which need not be there yet
	 * @param count how many messages, 1 or more; they are added to those before
	 */
	public void deliverTwice(String queue, int count) {
		faults().deliverTwice(notEmpty(queue, "queue"), positive(count, "count"));
	}

	/**
	 * Cancels all consumers of a queue, as RabbitMQ does when it loses the queue's
	 * leader: the clients are sent {@code basic.cancel}, their connections and channels
	 * stay open, and they can still acknowledge what they have. The queue stays, also one
	 * that is auto-delete.
	 * <p>
	 * The Java client calls {@code Consumer.handleCancel}, and Spring's listener
	 * containers consume again.
	 * @param queue the name of the queue
	 * @return how many consumers there were
	 * @throws IllegalStateException if there was none
	 */
	public int cancelConsumers(String queue) {
		int cancelled = faults().cancelConsumers(notEmpty(queue, "queue"));
		if (cancelled == 0) {
			throw new IllegalStateException(
					"There is nothing to cancel: queue '%s' in virtual host '%s' has no consumer".formatted(queue,
							this.virtualHost));
		}
		return cancelled;
	}

	/**
	 * Closes all open channels with a reply code, such as 406, for which clients see
	 * {@code PRECONDITION_FAILED - } and the text. What was not acknowledged on them is
	 * back in its queue. By itself, RabbitMQ closes channels with 403, 404, 405 and 406,
	 * and connections with the other codes.
	 * @param replyCode one of the reply codes of AMQP 0-9-1, such as 406 or 541
	 * @param text what follows the name of the code, without arguments that are filled in
	 * @return how many channels there were
	 */
	public int closeChannels(int replyCode, String text) {
		ReplyCode code = Arrays.stream(ReplyCode.values())
			.filter((one) -> one.code() == replyCode)
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException(
					"'replyCode' must be a reply code of AMQP 0-9-1, not %d. There are %s".formatted(replyCode,
							replyCodes())));
		return faults().closeChannels(code.error("%s", notEmpty(text, "text")));
	}

	private static String replyCodes() {
		return Arrays.stream(ReplyCode.values())
			.map((code) -> code.code() + " " + code)
			.collect(Collectors.joining(", "));
	}

	/**
	 * Blocks publishers as if the broker were {@code low on memory}, as
	 * {@link #blockPublishers(String)}.
	 */
	public Lasting blockPublishers() {
		return blockPublishers("low on memory");
	}

	/**
	 * Blocks each connection that publishes, until that is closed, or
	 * {@link #unblockPublishers()}: when it publishes the next time, or at once if it has
	 * published before, it is sent {@code connection.blocked}. From then on nothing is
	 * read from it, neither what it publishes nor an acknowledgement; all of that is
	 * taken afterwards. Connections that only consume are not concerned.
	 * @param reason what the clients are told, such as {@code low on disk}; at most 255
	 * bytes
	 */
	public Lasting blockPublishers(String reason) {
		if (notEmpty(reason, "reason").getBytes(StandardCharsets.UTF_8).length > LONGEST_REASON) {
			throw new IllegalArgumentException("'reason' must not be longer than %d bytes".formatted(LONGEST_REASON));
		}
		faults().blockPublishers(reason);
		return lasting(this::unblockPublishers);
	}

	/**
	 * Reads from publishers again, which are sent {@code connection.unblocked}.
	 */
	public void unblockPublishers() {
		faults().blockPublishers(null);
	}

	/**
	 * Delays deliveries to consumers: what a queue assigns to one from now on is sent so
	 * much later, in the same order, until that is closed; then whatever waits is sent at
	 * once. A message that waits counts as delivered and not acknowledged.
	 * {@code basic.get} and direct replies are not delayed.
	 * @param delay by how much, more than nothing and at most a day; instead of the one
	 * before
	 */
	public Lasting delayDeliveries(Duration delay) {
		faults().delayDeliveries(checked(delay));
		return lasting(() -> faults().delayDeliveries(null));
	}

	/**
	 * Delays publisher confirms: for what is published from now on they are sent so much
	 * later, in the same order, until that is closed; then whatever waits is sent at
	 * once. The messages themselves are not delayed.
	 * @param delay by how much, more than nothing and at most a day; instead of the one
	 * before
	 */
	public Lasting delayConfirms(Duration delay) {
		faults().delayConfirms(checked(delay));
		return lasting(() -> faults().delayConfirms(null));
	}

	/**
	 * Disturbs deliveries to all consumers, as {@link #disturbDeliveries(long, Set, int)}
	 * with all queues and any number of disturbances.
	 */
	public Disturbed disturbDeliveries(long seed) {
		return disturbDeliveries(seed, Set.of(), Integer.MAX_VALUE);
	}

	/**
	 * Has messages delivered to consumers as RabbitMQ may, which promises no more than
	 * that each comes at least once: twice; again after it was acknowledged, as if the
	 * acknowledgement had been lost, unless it was in a transaction; and after some that
	 * follow, as far as the prefetch of the consumer allows. The first message of each
	 * queue comes more than once in any case, the others by chance; what comes again is
	 * marked as redelivered, and left alone. {@code basic.get} and direct replies are not
	 * concerned.
	 * <p>
	 * The same seed does the same to the same sequence of messages from a queue. To check
	 * a consumer with several seeds in JUnit, there is {@code @AtLeastOnceTest}.
	 * @param queues the names of the queues concerned, empty for all
	 * @param most how many disturbances there may be, 1 or more
	 */
	public Disturbed disturbDeliveries(long seed, Set<String> queues, int most) {
		Disturbances disturbances = new Disturbances(seed, queues, positive(most, "most"));
		faults().disturb(disturbances);
		return new Disturbed(disturbances, () -> faults().disturb(null));
	}

	/**
	 * Ends all faults: nothing more goes wrong. What happened has happened, such as a
	 * confirm that was lost.
	 */
	public void clear() {
		Faults known = this.faults;
		if (known != null) {
			known.clear();
		}
	}

	private Lasting lasting(Runnable end) {
		return new Lasting() {

			@Override
			public void close() {
				end.run();
			}

			@Override
			public String toString() {
				return BrokerFaults.this.toString();
			}

		};
	}

	private static int positive(int value, String name) {
		if (value < 1) {
			throw new IllegalArgumentException("'%s' must be 1 or more, not %d".formatted(name, value));
		}
		return value;
	}

	private static String notEmpty(@Nullable String value, String name) {
		if (value == null || value.isEmpty()) {
			throw new IllegalArgumentException("'%s' must not be empty".formatted(name));
		}
		return value;
	}

	private static Duration checked(Duration delay) {
		if (delay.compareTo(Duration.ofMillis(1)) < 0 || delay.compareTo(LONGEST_DELAY) > 0) {
			throw new IllegalArgumentException("'delay' must be from a millisecond to a day, not %s".formatted(delay));
		}
		return delay;
	}

	/**
	 * The faults that are active, for a test that fails.
	 */
	@Override
	public String toString() {
		Faults known = this.faults;
		List<String> active = (known != null) ? known.active() : List.of();
		return "Faults of virtual host '%s': %s".formatted(this.virtualHost,
				active.isEmpty() ? "none" : String.join("; ", active));
	}

	/**
	 * Deliveries that are disturbed until this is closed.
	 */
	public static final class Disturbed implements Lasting {

		private final Disturbances disturbances;

		private final Runnable end;

		private Disturbed(Disturbances disturbances, Runnable end) {
			this.disturbances = disturbances;
			this.end = end;
		}

		/**
		 * What happened so far, each in a sentence without its full stop, in this order.
		 */
		public List<String> happened() {
			return this.disturbances.happened().stream().map(Disturbed::describe).toList();
		}

		private static String describe(Disturbance disturbance) {
			String message = "%s of queue '%s' was delivered ".formatted(body(disturbance.message()),
					disturbance.queue());
			return message + switch (disturbance.kind()) {
				case DELIVERED_TWICE ->
					"twice (tags %d and %d)".formatted(disturbance.tags().get(0), disturbance.tags().get(1));
				case SETTLEMENT_LOST ->
					"again: its acknowledgement (tag %d) was lost".formatted(disturbance.tags().get(0));
				case OVERTAKEN ->
					"after " + disturbance.overtakers().stream().map(Disturbed::body).collect(Collectors.joining(", "));
			};
		}

		private static String body(MessageSnapshot message) {
			return MessageText.body(new BrokerMessage(message));
		}

		@Override
		public void close() {
			this.end.run();
		}

		@Override
		public String toString() {
			return "Disturbed with seed %d: %s".formatted(this.disturbances.seed(), happened());
		}

	}

	/**
	 * A fault that lasts until it is closed. Closing it again does nothing, unless the
	 * same fault was asked for again meanwhile, which then ends.
	 */
	public interface Lasting extends AutoCloseable {

		@Override
		void close();

	}

}
