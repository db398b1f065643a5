package dev.warren.broker.rabbitmq.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import dev.warren.broker.rabbitmq.queue.QueuedMessage;
import dev.warren.broker.rabbitmq.wire.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * The faults of a virtual host: tests ask for them, its connections and channels look
 * here whether something is to go wrong. Without faults each look reads one volatile
 * field. Safe for use by several threads.
 */
public final class Faults {

	/**
	 * No connection takes that long, unless something is wrong with the broker itself.
	 */
	private static final long PATIENCE_SECONDS = 10;

	/** Each with what is done when it has gone. */
	private final Map<FaultyConnection, CompletableFuture<Integer>> connections = new ConcurrentHashMap<>();

	private final AtomicInteger confirmsToLose = new AtomicInteger();

	private final AtomicInteger publishesToNack = new AtomicInteger();

	/** How many messages of a queue are to be delivered twice. */
	private final Map<String, Integer> doubles = new LinkedHashMap<>();

	private volatile @Nullable Disturbances disturbances;

	/** Whether there are any doubles or disturbances. */
	private volatile boolean disturbsDeliveries;

	private volatile boolean refusesConnections;

	private volatile @Nullable String blockReason;

	private final AtomicReference<@Nullable Delay> deliveryDelay = new AtomicReference<>();

	private final AtomicReference<@Nullable Delay> confirmDelay = new AtomicReference<>();

	// What connections and channels ask

	/**
	 * A connection has entered the virtual host.
	 */
	public void add(FaultyConnection connection) {
		this.connections.put(connection, new CompletableFuture<>());
		if (this.blockReason != null) {
			connection.block(() -> this.blockReason);
		}
	}

	/**
	 * A connection has gone, and all it had is back in the queues.
	 */
	public void remove(FaultyConnection connection) {
		CompletableFuture<Integer> gone = this.connections.remove(connection);
		if (gone != null) {
			gone.complete(0);
		}
	}

	/**
	 * Whether no more connections may enter.
	 */
	public boolean refusesConnections() {
		return this.refusesConnections;
	}

	/**
	 * Whether a message published is not stored but refused.
	 */
	public boolean nacksPublish() {
		return takeOne(this.publishesToNack);
	}

	/**
	 * Whether the publisher of a message never hears of it.
	 */
	public boolean losesConfirm() {
		return takeOne(this.confirmsToLose);
	}

	private static boolean takeOne(AtomicInteger left) {
		return left.get() > 0 && left.getAndUpdate((count) -> Math.max(0, count - 1)) > 0;
	}

	/**
	 * How a message is delivered to a consumer.
	 */
	public Delivery delivery(QueuedMessage message) {
		if (!this.disturbsDeliveries) {
			return Delivery.ONCE;
		}
		if (isTakenTwice(message.queue().name())) {
			return Delivery.TWICE;
		}
		Disturbances current = this.disturbances;
		return (current != null) ? current.delivery(message) : Delivery.ONCE;
	}

	/**
	 * Whether the next message of the queue is delivered twice, or taken twice.
	 */
	public boolean isTakenTwice(String queue) {
		return this.disturbsDeliveries && takeDouble(queue);
	}

	private synchronized boolean takeDouble(String queue) {
		Integer left = this.doubles.remove(queue);
		if (left != null && left > 1) {
			this.doubles.put(queue, left - 1);
		}
		updateDisturbsDeliveries();
		return left != null;
	}

	private void updateDisturbsDeliveries() {
		this.disturbsDeliveries = this.disturbances != null || !this.doubles.isEmpty();
	}

	/**
	 * What disturbs deliveries in general, or null.
	 */
	public @Nullable Disturbances disturbances() {
		return this.disturbances;
	}

	/**
	 * By what deliveries come later, or null.
	 */
	public @Nullable Delay deliveryDelay() {
		return this.deliveryDelay.get();
	}

	/**
	 * By what confirms come later, or null.
	 */
	public @Nullable Delay confirmDelay() {
		return this.confirmDelay.get();
	}

	// What tests ask for

	/**
	 * Drops all connections, and returns when what they had is back in the queues.
	 * @return how many there were
	 */
	public int dropConnections() {
		List<CompletableFuture<Integer>> gone = new ArrayList<>();
		this.connections.forEach((connection, whenGone) -> {
			gone.add(whenGone);
			connection.drop();
		});
		gone.forEach(Faults::await);
		return gone.size();
	}

	public void refuseConnections(boolean refuse) {
		this.refusesConnections = refuse;
	}

	public void nackPublishes(int count) {
		this.publishesToNack.accumulateAndGet(count, Faults::sum);
	}

	public void loseConfirms(int count) {
		this.confirmsToLose.accumulateAndGet(count, Faults::sum);
	}

	public synchronized void deliverTwice(String queue, int count) {
		this.doubles.merge(queue, count, Faults::sum);
		updateDisturbsDeliveries();
	}

	/** "All that come" may be asked for twice. */
	private static int sum(int one, int other) {
		return (int) Math.min((long) one + other, Integer.MAX_VALUE);
	}

	/**
	 * @param wanted null for none
	 */
	public synchronized void disturb(@Nullable Disturbances wanted) {
		this.disturbances = wanted;
		updateDisturbsDeliveries();
	}

	/**
	 * @return how many consumers were cancelled
	 */
	public int cancelConsumers(String queue) {
		return onAll((connection) -> connection.cancelConsumers(queue));
	}

	/**
	 * @return how many channels were closed
	 */
	public int closeChannels(ProtocolException error) {
		return onAll((connection) -> connection.closeChannels(error));
	}

	private int onAll(Function<FaultyConnection, CompletableFuture<Integer>> fault) {
		List<CompletableFuture<Integer>> counts = new ArrayList<>();
		this.connections
			.forEach((connection, gone) -> counts.add(fault.apply(connection).applyToEither(gone, (count) -> count)));
		return counts.stream().mapToInt(Faults::await).sum();
	}

	private static int await(CompletableFuture<Integer> count) {
		try {
			return count.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return 0;
		}
		catch (ExecutionException | TimeoutException ex) {
			throw new IllegalStateException("A connection did not take the fault", ex);
		}
	}

	/**
	 * Reads from no connection that publishes.
	 * @param reason what the clients are told, null to read from them again
	 */
	public void blockPublishers(@Nullable String reason) {
		this.blockReason = reason;
		onAll((connection) -> connection.block(() -> this.blockReason));
	}

	/**
	 * @param delay null for none
	 */
	public void delayDeliveries(@Nullable Duration delay) {
		replace(this.deliveryDelay, delay);
	}

	/**
	 * @param delay null for none
	 */
	public void delayConfirms(@Nullable Duration delay) {
		replace(this.confirmDelay, delay);
	}

	private static void replace(AtomicReference<@Nullable Delay> current, @Nullable Duration delay) {
		Delay before = current.getAndSet((delay != null) ? new Delay(delay) : null);
		if (before != null) {
			before.end();
		}
	}

	/**
	 * Ends all faults.
	 */
	public void clear() {
		refuseConnections(false);
		this.publishesToNack.set(0);
		this.confirmsToLose.set(0);
		synchronized (this) {
			this.doubles.clear();
			disturb(null);
		}
		if (this.blockReason != null) {
			blockPublishers(null);
		}
		delayDeliveries(null);
		delayConfirms(null);
	}

	/**
	 * Those faults that are active, in words.
	 */
	public synchronized List<String> active() {
		List<String> active = new ArrayList<>();
		if (this.refusesConnections) {
			active.add("connections are refused");
		}
		if (this.blockReason != null) {
			active.add("publishers are blocked ('" + this.blockReason + "')");
		}
		addCount(active, this.publishesToNack.get(), "publish is", "publishes are", "nacked");
		addCount(active, this.confirmsToLose.get(), "confirm is", "confirms are", "lost");
		this.doubles.forEach((queue, count) -> addCount(active, count, "message of '" + queue + "' is",
				"messages of '" + queue + "' are", "delivered twice"));
		if (this.disturbances != null) {
			active.add("deliveries are disturbed with seed " + this.disturbances.seed());
		}
		addDelay(active, "deliveries", this.deliveryDelay.get());
		addDelay(active, "confirms", this.confirmDelay.get());
		return active;
	}

	private static void addDelay(List<String> active, String what, @Nullable Delay delay) {
		if (delay != null) {
			active.add(what + " are delayed by " + delay);
		}
	}

	private static void addCount(List<String> active, int count, String one, String several, String what) {
		if (count > 0) {
			active.add("the next " + ((count == 1) ? one : count + " " + several) + " " + what);
		}
	}

}
