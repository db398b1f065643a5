package dev.warren.broker.management;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.rabbitmq.definitions.GlobalParameter;
import dev.warren.broker.rabbitmq.host.VirtualHost;
import dev.warren.broker.rabbitmq.store.ExchangeType;
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

	/** For how many seconds there are samples. */
	private static final Map<String, List<Integer>> RETENTION = Map.of("global", List.of(600, 3600, 28800, 86400),
			"basic", List.of(600, 3600), "detailed", List.of(600));

	private static final String CLUSTER_NAME = "cluster_name";

	private final Resources resources;

	private final Totals totals;

	private final Listeners listeners;

	private final EmbeddedBroker broker;

	OverviewController(Resources resources, Totals totals, Listeners listeners, EmbeddedBroker broker) {
		this.resources = resources;
		this.totals = totals;
		this.listeners = listeners;
		this.broker = broker;
	}

	@GetMapping("/api/overview")
	Map<String, @Nullable Object> overview(Caller caller, Listing listing) {
		String version = serverVersion();
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("management_version", version);
		map.put("rates_mode", "basic");
		map.put("sample_retention_policies", RETENTION);
		map.put("exchange_types", exchangeTypes());
		map.put("product_version", version);
		map.put("product_name", "Warren");
		map.put("rabbitmq_version", version);
		map.put("cluster_name", clusterName());
		map.put("cluster_tags", clusterTags());
		map.put("node_tags", Map.of());
		map.put("erlang_version", Runtime.version().toString());
		map.put("erlang_full_version", this.broker.product() + ", Java " + Runtime.version());
		map.put("disable_stats", false);
		map.put("default_queue_type", "classic");
		map.put("enable_queue_totals", false);
		List<VirtualHost> virtualHosts = this.resources.virtualHosts(caller).toList();
		this.totals.put(map, caller, virtualHosts, listing);
		map.put("statistics_db_event_queue", 0);
		if (caller.has(Tag.MONITORING)) {
			map.put("node", NODE);
			map.put("listeners", this.listeners.all().stream().map(Listeners.Listener::toMap).toList());
			map.put("contexts", this.listeners.contexts());
		}
		return listing.of(map);
	}

	static List<Map<String, Object>> exchangeTypes() {
		return Stream.of(ExchangeType.values())
			.map(ExchangeType::wireName)
			.<Map<String, Object>>map(
					(name) -> Map.of("name", name, "description", name + " exchange", "enabled", true))
			.toList();
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

	private Object clusterTags() {
		GlobalParameter own = this.resources.broker().definitions().current().globalParameters().get("cluster_tags");
		return (own != null) ? own.value() : Map.of();
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

}
