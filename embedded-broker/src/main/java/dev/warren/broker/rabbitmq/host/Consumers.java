package dev.warren.broker.rabbitmq.host;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.warren.broker.rabbitmq.queue.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The consumers of a channel, by their tags. The channel changes them, others may look.
 */
public final class Consumers {

	private final Map<String, Consumer> byTag = Collections.synchronizedMap(new LinkedHashMap<>());

	public boolean has(String tag) {
		return this.byTag.containsKey(tag);
	}

	public boolean has(Consumer consumer) {
		return this.byTag.get(consumer.tag()) == consumer;
	}

	public int count() {
		return this.byTag.size();
	}

	public List<Consumer> all() {
		return List.copyOf(this.byTag.values());
	}

	public void add(Consumer consumer) {
		this.byTag.put(consumer.tag(), consumer);
	}

	public @Nullable Consumer remove(String tag) {
		return this.byTag.remove(tag);
	}

	public boolean remove(Consumer consumer) {
		return this.byTag.remove(consumer.tag(), consumer);
	}

	public List<Consumer> removeAllOf(String queue) {
		List<Consumer> itsOwn = all().stream().filter((consumer) -> consumer.queue().name().equals(queue)).toList();
		itsOwn.forEach(this::remove);
		return itsOwn;
	}

	public List<Consumer> removeAll() {
		List<Consumer> all = all();
		this.byTag.clear();
		return all;
	}

	/**
	 * There is room for another message, on the channel as a whole.
	 */
	public void wake() {
		all().forEach(Consumer::wakeIfWaiting);
	}

	/**
	 * There is room since this consumer gave some back. The others have it first, or one
	 * queue could use up what all of them share.
	 */
	public void wakeAfter(Consumer holder) {
		if (remove(holder)) {
			add(holder);
		}
		wake();
	}

}
