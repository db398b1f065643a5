package dev.warren.broker.rabbitmq.fault;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

import dev.warren.broker.rabbitmq.queue.QueuedMessage;
import dev.warren.broker.rabbitmq.store.MessageSnapshot;

/**
 * Has messages delivered to consumers as "at least once" allows it: twice, again, and in
 * another order. What happens to a message depends on the seed, its queue and its place
 * among those delivered from there only, so that the same seed does the same to the same
 * messages whatever happens in other queues. A message that comes again is left alone.
 * Safe for use by several threads.
 */
public final class Disturbances {

	/** Of queues that have another name each time, nobody could tell the same. */
	private static final List<String> GENERATED = List.of("amq.gen-", "spring.gen-");

	private static final int MOST_OVERTAKERS = 3;

	private final long seed;

	private final Set<String> queues;

	private final int most;

	private final Map<String, Integer> delivered = new HashMap<>();

	private final Map<String, Integer> sent = new HashMap<>();

	private final List<Disturbance> happened = new ArrayList<>();

	private int begun;

	/**
	 * @param queues the names of the queues concerned, empty for all
	 * @param most how many disturbances there may be
	 */
	public Disturbances(long seed, Set<String> queues, int most) {
		this.seed = seed;
		this.queues = Set.copyOf(queues);
		this.most = most;
	}

	public long seed() {
		return this.seed;
	}

	/**
	 * How the next message is delivered. The first of each queue comes again in any case,
	 * since many tests have no more.
	 */
	synchronized Delivery delivery(QueuedMessage message) {
		if (!isConcerned(message)) {
			return Delivery.ONCE;
		}
		int number = this.delivered.merge(name(message), 1, Integer::sum);
		int of = (number == 1) ? 2 : 4;
		return switch (random("delivery", message, number).nextInt(of)) {
			case 0 -> begin() ? Delivery.TWICE : Delivery.ONCE;
			case 1 -> begin() ? Delivery.UNTIL_SETTLED : Delivery.ONCE;
			default -> Delivery.ONCE;
		};
	}

	/**
	 * How many of those that follow are delivered before the message.
	 */
	public synchronized int overtakers(QueuedMessage message) {
		if (!isConcerned(message)) {
			return 0;
		}
		int number = this.sent.merge(name(message), 1, Integer::sum);
		SplittableRandom random = random("order", message, number);
		return (random.nextInt(4) == 0 && begin()) ? 1 + random.nextInt(MOST_OVERTAKERS) : 0;
	}

	private boolean isConcerned(QueuedMessage message) {
		return !message.isRedelivered() && (this.queues.isEmpty() || this.queues.contains(message.queue().name()));
	}

	private static String name(QueuedMessage message) {
		String name = message.queue().name();
		return GENERATED.stream().filter(name::startsWith).findFirst().orElse(name);
	}

	private SplittableRandom random(String what, QueuedMessage message, int number) {
		long hash = this.seed;
		hash = 31 * hash + what.hashCode();
		hash = 31 * hash + name(message).hashCode();
		return new SplittableRandom(new SplittableRandom(hash).nextLong() + number);
	}

	private boolean begin() {
		if (this.begun >= this.most) {
			return false;
		}
		this.begun++;
		return true;
	}

	public void deliveredTwice(QueuedMessage message, long first, long second) {
		add(message, Disturbance.Kind.DELIVERED_TWICE, List.of(first, second), List.of());
	}

	public void lostSettlement(QueuedMessage message) {
		add(message, Disturbance.Kind.SETTLEMENT_LOST, List.of(message.deliveryTag()), List.of());
	}

	public void overtaken(QueuedMessage message, List<MessageSnapshot> overtakers) {
		add(message, Disturbance.Kind.OVERTAKEN, List.of(), overtakers);
	}

	private synchronized void add(QueuedMessage message, Disturbance.Kind kind, List<Long> tags,
			List<MessageSnapshot> overtakers) {
		this.happened.add(new Disturbance(kind, message.queue().name(),
				message.message().snapshot(MessageSnapshot.MOST_OCTETS), tags, overtakers));
	}

	/**
	 * What happened so far, in this order.
	 */
	public synchronized List<Disturbance> happened() {
		return List.copyOf(this.happened);
	}

}
