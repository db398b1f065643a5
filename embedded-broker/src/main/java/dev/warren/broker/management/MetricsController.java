package dev.warren.broker.management;

import java.util.List;
import java.util.Set;
import java.util.UUID;

import dev.warren.broker.Administration;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.rabbitmq.host.VirtualHost;
import dev.warren.broker.rabbitmq.wire.Dialect;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Metrics for Prometheus: on the port of the management API for those who monitor, and on
 * a port of their own for everybody.
 */
@RestController
@For(Tag.MONITORING)
final class MetricsController {

	private static final String ID = UUID.randomUUID().toString();

	private final Administration administration;

	private final Connections connections;

	private final EmbeddedBroker broker;

	MetricsController(Administration administration, Connections connections, EmbeddedBroker broker) {
		this.administration = administration;
		this.connections = connections;
		this.broker = broker;
	}

	@GetMapping(path = "/metrics", produces = Exposition.MEDIA_TYPE)
	String aggregated() {
		return metrics(Exposition.Grain.AGGREGATED, Set.of(), Set.of());
	}

	@GetMapping(path = "/metrics/per-object", produces = Exposition.MEDIA_TYPE)
	String perObject() {
		return metrics(Exposition.Grain.PER_OBJECT, Set.of(), Set.of());
	}

	/**
	 * @param family which groups are wanted
	 * @param vhost of which virtual hosts; all if none is named
	 */
	@GetMapping(path = "/metrics/detailed", produces = Exposition.MEDIA_TYPE)
	String detailed(@RequestParam(defaultValue = "") Set<String> family,
			@RequestParam(defaultValue = "") Set<String> vhost) {
		return metrics(Exposition.Grain.DETAILED, family, vhost);
	}

	private String metrics(Exposition.Grain grain, Set<String> groups, Set<String> wanted) {
		Exposition out = new Exposition(grain, groups);
		List<VirtualHost> virtualHosts = this.administration.virtualHosts()
			.stream()
			.filter((one) -> wanted.isEmpty() || wanted.contains(one.name()))
			.toList();
		String version = Dialect.valueOf(this.broker.version().name()).version();
		out.named("rabbitmq_build_info", "Version of the broker", List.of(version),
				(one) -> Exposition.labels("rabbitmq_version", one, "prometheus_plugin_version", one,
						"prometheus_client_version", one, "erlang_version", Runtime.version().toString()),
				(one) -> 1);
		out.named("rabbitmq_identity_info", "The node and its cluster", List.of(OverviewController.NODE),
				(one) -> Exposition.labels("rabbitmq_node", one, "rabbitmq_cluster", one,
						"rabbitmq_cluster_permanent_id", ID, "rabbitmq_endpoint", grain.endpoint()),
				(one) -> 1);
		new Metrics(out, virtualHosts, this.connections::to).write(this.administration.usage());
		return out.toString();
	}

}
