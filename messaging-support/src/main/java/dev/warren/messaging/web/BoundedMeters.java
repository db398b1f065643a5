package dev.warren.messaging.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;

/**
 * Keeps the number of metric series bounded, whatever strangers send. Spring AMQP tags
 * its metrics with names that others may choose. Routing keys are dropped here; of
 * queues, exchanges and listeners the first twenty keep their names, and the rest are
 * {@code other}. All of them stay in the traces. Whatever else may grow, no meter has
 * more than a thousand variants.
 */
final class BoundedMeters implements MeterFilter {

	static final int MAX_METERS_OF_A_NAME = 1000;

	static final int MAX_VALUES_OF_A_TAG = 20;

	private static final String ROUTING_KEY = "messaging.rabbitmq.destination.routing_key";

	private static final Set<String> NAMES = Set.of("messaging.destination.name", "spring.rabbit.listener.id");

	private static final String SERVER_NAMED = "amq.gen-";

	private final Map<String, Set<String>> named = new ConcurrentHashMap<>();

	// A meter may be removed and come again: it is counted once.
	private final Map<String, Set<Meter.Id>> accepted = new ConcurrentHashMap<>();

	@Override
	public Meter.Id map(Meter.Id id) {
		List<Tag> tags = new ArrayList<>();
		boolean changed = false;
		for (Tag tag : id.getTagsAsIterable()) {
			if (tag.getKey().equals(ROUTING_KEY)) {
				changed = true;
			}
			else if (NAMES.contains(tag.getKey()) && !isNamed(tag)) {
				tags.add(Tag.of(tag.getKey(), "other"));
				changed = true;
			}
			else {
				tags.add(tag);
			}
		}
		return changed ? id.replaceTags(tags) : id;
	}

	private boolean isNamed(Tag tag) {
		return !tag.getValue().startsWith(SERVER_NAMED)
				&& admits(this.named, tag.getKey(), tag.getValue(), MAX_VALUES_OF_A_TAG);
	}

	@Override
	public MeterFilterReply accept(Meter.Id id) {
		return admits(this.accepted, id.getName(), id, MAX_METERS_OF_A_NAME) ? MeterFilterReply.NEUTRAL
				: MeterFilterReply.DENY;
	}

	private static <T> boolean admits(Map<String, Set<T>> admitted, String name, T candidate, int max) {
		Set<T> known = admitted.computeIfAbsent(name, (key) -> ConcurrentHashMap.newKeySet());
		if (known.contains(candidate)) {
			return true;
		}
		synchronized (known) {
			return known.size() < max && known.add(candidate);
		}
	}

}
