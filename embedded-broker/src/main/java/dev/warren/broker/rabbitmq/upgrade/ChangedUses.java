package dev.warren.broker.rabbitmq.upgrade;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.warren.broker.rabbitmq.wire.Dialect;
import dev.warren.broker.rabbitmq.wire.Names;

/**
 * Counts the uses of what RabbitMQ changed. Thread-safe. Names come from clients: of each
 * change, only so many different uses are kept.
 */
public final class ChangedUses {

	private static final int MOST_OF_A_CHANGE = 100;

	private static final int LONGEST_NAME = 255;

	private final Dialect dialect;

	private final Map<Change, Map<ChangedUse, Long>> uses = new LinkedHashMap<>();

	public ChangedUses(Dialect dialect) {
		this.dialect = dialect;
	}

	/**
	 * Whether there are later versions, so that it is worth looking for what they treat
	 * differently.
	 */
	public boolean hasLaterVersions() {
		return !this.dialect.isNewest();
	}

	/**
	 * Counts a use, unless no later version treats it differently.
	 * @param connection the name of the client's connection, or empty if it is not known
	 * @param subject what it was used on, or empty
	 */
	public void count(Change change, String connection, String subject) {
		if (!change.concerns(this.dialect)) {
			return;
		}
		ChangedUse use = new ChangedUse(change, Names.printable(connection, LONGEST_NAME),
				Names.printable(subject, LONGEST_NAME));
		synchronized (this.uses) {
			Map<ChangedUse, Long> counts = this.uses.computeIfAbsent(change, (key) -> new LinkedHashMap<>());
			boolean full = counts.size() >= MOST_OF_A_CHANGE && !counts.containsKey(use);
			counts.merge(full ? new ChangedUse(change, "others", "") : use, 1L, Long::sum);
		}
	}

	/**
	 * Counts a use on a queue. Queues that the broker named are one.
	 */
	public void countQueue(Change change, String connection, String queue, String virtualHost) {
		String name = queue.startsWith(Names.SERVER_NAMED) ? Names.SERVER_NAMED + "…" : queue;
		count(change, connection, Names.queue(name, virtualHost));
	}

	/**
	 * Each use with how often it was, in the order in which they came.
	 */
	public Map<ChangedUse, Long> counts() {
		Map<ChangedUse, Long> copy = new LinkedHashMap<>();
		synchronized (this.uses) {
			this.uses.values().forEach(copy::putAll);
		}
		return copy;
	}

}
