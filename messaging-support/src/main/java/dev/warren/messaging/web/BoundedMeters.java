package dev.warren.messaging.web;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;

/**
 * Keeps the number of metric series bounded, whatever strangers send. Spring AMQP tags
 * its metrics with names that others choose, such as routing keys; those tags are dropped
 * here, and stay in the traces. Of whatever else grows, each name gets no more meters
 * than there would be reason for.
 */
final class BoundedMeters implements MeterFilter {

	static final int MAX_METERS_OF_A_NAME = 1000;

	private static final Set<String> OTHERS_NAMES = Set.of("messaging.destination.name",
			"messaging.rabbitmq.destination.routing_key", "spring.rabbit.listener.id");

	// A meter may be removed and come again: it is counted once.
	private final Map<String, Set<Meter.Id>> accepted = new ConcurrentHashMap<>();

	@Override
	public Meter.Id map(Meter.Id id) {
		if (id.getTags().stream().map(Tag::getKey).noneMatch(OTHERS_NAMES::contains)) {
			return id;
		}
		return id.replaceTags(id.getTags().stream().filter((tag) -> !OTHERS_NAMES.contains(tag.getKey())).toList());
	}

	@Override
	public MeterFilterReply accept(Meter.Id id) {
		Set<Meter.Id> ofThatName = this.accepted.computeIfAbsent(id.getName(), (name) -> ConcurrentHashMap.newKeySet());
		if (ofThatName.size() >= MAX_METERS_OF_A_NAME && !ofThatName.contains(id)) {
			return MeterFilterReply.DENY;
		}
		ofThatName.add(id);
		return MeterFilterReply.NEUTRAL;
	}

}
