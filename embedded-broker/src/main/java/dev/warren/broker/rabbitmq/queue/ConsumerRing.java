package dev.warren.broker.rabbitmq.queue;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;

/**
 * The consumers of a queue, who take turns: the highest priority first, and lower ones
 * only while none above can take a message. Not thread-safe, but for looking at who is
 * there.
 */
final class ConsumerRing {

	private final NavigableMap<Integer, Deque<Consumer>> byPriority = new TreeMap<>(Collections.reverseOrder());

	private final List<Consumer> inOrderOfArrival = new CopyOnWriteArrayList<>();

	private final boolean singleActive;

	ConsumerRing(boolean singleActive) {
		this.singleActive = singleActive;
	}

	void add(Consumer consumer) {
		this.byPriority.computeIfAbsent(consumer.priority(), (priority) -> new ArrayDeque<>()).add(consumer);
		this.inOrderOfArrival.add(consumer);
	}

	boolean remove(Consumer consumer) {
		Deque<Consumer> peers = this.byPriority.get(consumer.priority());
		if (peers == null || !peers.remove(consumer)) {
			return false;
		}
		if (peers.isEmpty()) {
			this.byPriority.remove(consumer.priority());
		}
		return this.inOrderOfArrival.remove(consumer);
	}

	List<Consumer> inOrderOfArrival() {
		return Collections.unmodifiableList(this.inOrderOfArrival);
	}

	int size() {
		return this.inOrderOfArrival.size();
	}

	/**
	 * Whether the consumer cannot be there beside those who are.
	 */
	boolean excludes(Consumer consumer) {
		return consumer.isExclusive() ? size() > 0 || this.singleActive
				: size() > 0 && this.inOrderOfArrival.get(0).isExclusive();
	}

	/**
	 * @return those who were there
	 */
	List<Consumer> removeAll() {
		List<Consumer> all = List.copyOf(this.inOrderOfArrival);
		all.forEach(this::remove);
		return all;
	}

	/**
	 * Gives consumers in turn what they can take.
	 */
	void assign(Backlog backlog, long now, Deaths deaths) {
		for (QueuedMessage head = backlog.peek(); head != null; head = backlog.peek()) {
			if (head.isTooLate(now)) {
				backlog.poll();
				deaths.add(head, DeathReason.EXPIRED);
			}
			else {
				Consumer consumer = next();
				if (consumer == null) {
					return;
				}
				backlog.poll();
				head.assignTo(consumer);
				consumer.outlet().assign(head);
			}
		}
	}

	/**
	 * The consumer whose turn it is, with room for one message reserved.
	 */
	private @Nullable Consumer next() {
		if (this.singleActive) {
			passOnFromStuck();
			return (!this.inOrderOfArrival.isEmpty() && this.inOrderOfArrival.get(0).reserve())
					? this.inOrderOfArrival.get(0) : null;
		}
		for (Deque<Consumer> peers : this.byPriority.values()) {
			for (int turn = peers.size(); turn > 0; turn--) {
				Consumer consumer = peers.remove();
				peers.add(consumer);
				if (consumer.reserve()) {
					return consumer;
				}
			}
		}
		return null;
	}

	/**
	 * The active consumer makes place for the next one if it is stuck.
	 */
	private void passOnFromStuck() {
		for (int turn = this.inOrderOfArrival.size(); turn > 1 && this.inOrderOfArrival.get(0).isStuck(); turn--) {
			this.inOrderOfArrival.add(this.inOrderOfArrival.remove(0));
		}
	}

}
