package dev.warren.broker.management;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.rabbitmq.upgrade.Change;
import dev.warren.broker.rabbitmq.wire.Dialect;
import org.jspecify.annotations.Nullable;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * What RabbitMQ has deprecated or refuses since some version, and which of it clients
 * use.
 */
@RestController
final class DeprecatedFeatureController {

	private final EmbeddedBroker broker;

	DeprecatedFeatureController(EmbeddedBroker broker) {
		this.broker = broker;
	}

	@GetMapping("/api/deprecated-features")
	Object features(Listing listing) {
		return list(Stream.of(Change.values()).filter((change) -> change.effect() != Change.Effect.DIFFERENT), listing);
	}

	@GetMapping("/api/deprecated-features/used")
	Object used(Listing listing) {
		List<String> used = this.broker.upgradeReport().changes();
		return list(Stream.of(Change.values()).filter((change) -> used.contains(change.id())), listing);
	}

	private Object list(Stream<Change> changes, Listing listing) {
		return listing.of(changes.toList(), Change::id, this::toMap);
	}

	private Map<String, @Nullable Object> toMap(Change change) {
		boolean denied = change.effect() == Change.Effect.REFUSED
				&& Dialect.valueOf(this.broker.version().name()).compareTo(change.since()) >= 0;
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("name", change.id());
		map.put("state", denied ? "denied" : "permitted");
		map.put("desc", change.text() + ". " + change.cure());
		map.put("deprecation_phase", denied ? "denied_by_default" : "permitted_by_default");
		map.put("doc_url", "");
		map.put("provided_by", "rabbit");
		return map;
	}

}
