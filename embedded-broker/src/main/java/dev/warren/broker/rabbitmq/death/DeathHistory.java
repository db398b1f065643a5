package dev.warren.broker.rabbitmq.death;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The history that a dead letter carries in its headers.
 *
 * @see <a href="https://www.rabbitmq.com/docs/dlx#effects">Effects on messages</a>
 */
public final class DeathHistory {

	/** The headers in which it is. */
	public static final Set<String> HEADERS = Set.of("x-death", "x-first-death-exchange", "x-first-death-queue",
			"x-first-death-reason", "x-last-death-exchange", "x-last-death-queue", "x-last-death-reason");

	/** The reason of what a client rejected. */
	public static final String REJECTED = "rejected";

	private DeathHistory() {
	}

	/**
	 * The headers with one more death recorded: a queue and reason seen before are
	 * counted up and come first, new ones are put before all others.
	 */
	public static Map<String, @Nullable Object> withDeath(Map<String, @Nullable Object> headers, Death death) {
		Map<String, @Nullable Object> result = new LinkedHashMap<>(headers);
		List<@Nullable Object> deaths = new ArrayList<>();
		Map<String, @Nullable Object> latest = null;
		if (headers.get("x-death") instanceof List<?> earlier) {
			for (Object entry : merged(earlier)) {
				if (latest == null && entry instanceof Map<?, ?> table && death.queue().equals(table.get("queue"))
						&& death.reason().equals(table.get("reason"))) {
					latest = countedUp(table, 1);
				}
				else {
					deaths.add(entry);
				}
			}
		}
		else {
			result.put("x-first-death-exchange", death.exchange());
			result.put("x-first-death-queue", death.queue());
			result.put("x-first-death-reason", death.reason());
		}
		deaths.add(0, (latest != null) ? latest : death.toTable());
		result.put("x-death", deaths);
		result.put("x-last-death-exchange", death.exchange());
		result.put("x-last-death-queue", death.queue());
		result.put("x-last-death-reason", death.reason());
		return result;
	}

	/**
	 * One entry for each queue and reason, with all their deaths: a message from
	 * elsewhere may come with any number.
	 */
	private static Collection<@Nullable Object> merged(List<?> earlier) {
		Map<Object, @Nullable Object> byQueueAndReason = new LinkedHashMap<>();
		for (Object entry : earlier) {
			if (entry instanceof Map<?, ?> table) {
				List<String> key = List.of(String.valueOf(table.get("queue")), String.valueOf(table.get("reason")));
				byQueueAndReason.merge(key, table,
						(first, other) -> countedUp((Map<?, ?>) first, count((Map<?, ?>) other)));
			}
			else {
				byQueueAndReason.put(new Object(), entry);
			}
		}
		return byQueueAndReason.values();
	}

	private static Map<String, @Nullable Object> countedUp(Map<?, ?> table, long more) {
		Map<String, @Nullable Object> result = new LinkedHashMap<>();
		table.forEach((name, value) -> result.put(String.valueOf(name), value));
		result.put("count", count(table) + more);
		return result;
	}

	private static long count(Map<?, ?> table) {
		return (table.get("count") instanceof Number number) ? number.longValue() : 0;
	}

	/**
	 * Whether the message has been in that queue before and came back without anybody
	 * rejecting it on the way.
	 */
	public static boolean closesCycle(String queue, Map<String, @Nullable Object> headers) {
		if (headers.get("x-death") instanceof List<?> deaths) {
			for (Object entry : deaths) {
				if (entry instanceof Map<?, ?> table) {
					if (REJECTED.equals(table.get("reason"))) {
						return false;
					}
					if (queue.equals(table.get("queue"))) {
						return true;
					}
				}
			}
		}
		return false;
	}

}
