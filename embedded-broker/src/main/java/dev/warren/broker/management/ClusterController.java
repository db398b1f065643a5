package dev.warren.broker.management;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * What RabbitMQ has because its nodes are many, and of different versions for a while:
 * this broker is one, and has all features at once.
 */
@RestController
final class ClusterController {

	/** Those of RabbitMQ's feature flags whose feature this broker has. */
	private static final Map<String, String> FEATURES = Map.of("quorum_queue", "Queues of type quorum", "user_limits",
			"Limits of connections and channels for each user", "virtual_host_metadata",
			"Descriptions, tags and default queue types of virtual hosts", "detailed_queues_endpoint",
			"All about the queues at /api/queues/detailed", "implicit_default_bindings",
			"Bindings of the default exchange need not be stored");

	/**
	 * Feature flags.
	 */
	@GetMapping("/api/feature-flags")
	List<Map<String, Object>> featureFlags() {
		return FEATURES.entrySet()
			.stream()
			.sorted(Map.Entry.comparingByKey())
			.map((feature) -> featureFlag(feature.getKey(), feature.getValue()))
			.toList();
	}

	private static Map<String, Object> featureFlag(String name, String description) {
		Map<String, Object> map = new LinkedHashMap<>();
		map.put("name", name);
		map.put("desc", description);
		map.put("doc_url", "");
		map.put("state", "enabled");
		map.put("stability", "required");
		map.put("require_level", "hard");
		map.put("experiment_level", "supported");
		map.put("callbacks", List.of());
		map.put("provided_by", "rabbit");
		return map;
	}

	/**
	 * Enables a feature.
	 */
	@PutMapping("/api/feature-flags/{name}/enable")
	@For(Tag.ADMINISTRATOR)
	ResponseEntity<Void> enable(@PathVariable String name) {
		if (!FEATURES.containsKey(name)) {
			throw ApiException.badRequest("unsupported");
		}
		return ResponseEntity.noContent().build();
	}

	/**
	 * Spreads the leaders of queues over the nodes.
	 */
	@PostMapping("/api/rebalance/queues")
	@For(Tag.ADMINISTRATOR)
	ResponseEntity<Void> rebalance() {
		return ResponseEntity.noContent().build();
	}

}
