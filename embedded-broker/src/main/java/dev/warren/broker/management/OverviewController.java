package dev.warren.broker.management;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.rabbitmq.definitions.GlobalParameter;
import dev.warren.broker.rabbitmq.host.VirtualHost;
import dev.warren.broker.rabbitmq.queue.MessageQueue;
import dev.warren.broker.rabbitmq.wire.Dialect;
import org.jspecify.annotations.Nullable;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The broker as a whole, and who asks.
 */
@RestController
final class OverviewController {

	/** There is one, and it is here. */
	static final String NODE = "rabbit@localhost";

	private static final String CLUSTER_NAME = "cluster_name";

	private final Resources resources;

	private final EmbeddedBroker broker;

	OverviewController(Resources resources, EmbeddedBroker broker) {
		this.resources = resources;
		this.broker = broker;
	}

	@GetMapping("/api/overview")
	Map<String, @Nullable Object> overview(Caller caller, Listing listing) {
		String version = serverVersion();
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("management_version", version);
		map.put("rates_mode", "basic");
		map.put("exchange_types", exchangeTypes());
		map.put("product_version", version);
		map.put("product_name", "Warren");
		map.put("rabbitmq_version", version);
		map.put("cluster_name", clusterName());
		map.put("cluster_tags", Map.of());
		map.put("node_tags", Map.of());
		map.put("erlang_version", Runtime.version().toString());
		map.put("erlang_full_version", this.broker.product() + ", Java " + Runtime.version());
		map.put("disable_stats", false);
		map.put("default_queue_type", "classic");
		map.put("enable_queue_totals", false);
		List<VirtualHost> virtualHosts = this.resources.virtualHosts(caller).toList();
		map.put("queue_totals", QueueTotals.of(virtualHosts));
		map.put("object_totals", objectTotals(virtualHosts));
		map.put("statistics_db_event_queue", 0);
		map.put("node", NODE);
		return listing.of(map);
	}

	private static List<Map<String, Object>> exchangeTypes() {
		return List
			.of("direct", "fanout", "headers", "topic", "x-consistent-hash", "x-local-random", "x-modulus-hash",
					"x-delayed-message")
			.stream()
			.<Map<String, Object>>map(
					(name) -> Map.of("name", name, "description", name + " exchange", "enabled", true))
			.toList();
	}

	private static Map<String, Object> objectTotals(List<VirtualHost> virtualHosts) {
		int queues = 0;
		int exchanges = 0;
		int consumers = 0;
		for (VirtualHost one : virtualHosts) {
			List<MessageQueue> all = Resources.queues(one);
			queues += all.size();
			exchanges += one.exchanges().all().size();
			consumers += all.stream().mapToInt((queue) -> queue.consumers().size()).sum();
		}
		return Map.of("queues", queues, "exchanges", exchanges, "consumers", consumers);
	}

	@GetMapping("/api/version")
	ResponseEntity<String> version() {
		return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body('"' + serverVersion() + '"');
	}

	/**
	 * The version that tools are told, as clients are.
	 */
	private String serverVersion() {
		return Dialect.valueOf(this.broker.version().name()).version();
	}

	@GetMapping("/api/cluster-name")
	Map<String, Object> clusterNameAsObject() {
		return Map.of("name", clusterName());
	}

	private String clusterName() {
		GlobalParameter own = this.resources.broker().definitions().current().globalParameters().get(CLUSTER_NAME);
		return (own != null) ? own.value().toString() : NODE;
	}

	@PutMapping("/api/cluster-name")
	@For(Tag.ADMINISTRATOR)
	ResponseEntity<Void> rename(Body body) {
		body.require("name");
		GlobalParameter name = new GlobalParameter(CLUSTER_NAME, body.text("name", NODE));
		this.resources.broker()
			.definitions()
			.change((before) -> before.withGlobalParameters((table) -> table.with(name)));
		return ResponseEntity.noContent().build();
	}

	@GetMapping("/api/whoami")
	Map<String, Object> whoAmI(Caller caller) {
		return Map.of("name", caller.name(), "tags", caller.user().tags(), "is_internal_user", true);
	}

	@GetMapping("/api/extensions")
	List<Object> extensions() {
		return List.of();
	}

	@GetMapping("/api/feature-flags")
	List<Object> featureFlags() {
		return List.of();
	}

}
