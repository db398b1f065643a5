package dev.warren.broker.management;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.warren.broker.Administration;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.rabbitmq.channel.LocalChannel;
import dev.warren.broker.rabbitmq.host.GotMessage;
import dev.warren.broker.rabbitmq.host.VirtualHost;
import dev.warren.broker.rabbitmq.wire.MessageProperties;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * Whether the broker does what it is there for.
 */
@RestController
final class HealthCheckController {

	private static final String QUEUE = "aliveness-test";

	/** Other names for some protocols. */
	private static final Map<String, String> PROTOCOLS = Map.of("amqp091", "amqp", "amqp0.9.1", "amqp", "amqps",
			"amqp/ssl");

	private static final Map<String, Object> OK = Map.of("status", "ok");

	private final Resources resources;

	private final Listeners listeners;

	private final EmbeddedBroker broker;

	HealthCheckController(Resources resources, Listeners listeners, EmbeddedBroker broker) {
		this.resources = resources;
		this.listeners = listeners;
		this.broker = broker;
	}

	/**
	 * Declares a queue, and publishes a message to it and gets it back. Spring AMQP's
	 * test support compares the answer as text, without a line's end.
	 */
	@GetMapping(path = "/api/aliveness-test/{virtualHost}", produces = MediaType.APPLICATION_JSON_VALUE)
	String aliveness(Caller caller, @PathVariable String virtualHost) {
		VirtualHost found = this.resources.virtualHost(caller, virtualHost);
		LocalChannel channel = this.resources.broker().ownersChannel(found, caller.name());
		channel.declareQueue(QUEUE, false, false, false, Map.of());
		channel.publish("", QUEUE, MessageProperties.none(), new byte[1]);
		List<GotMessage> got = channel.get(QUEUE, 1, LocalChannel.Settle.ACKNOWLEDGE, 1);
		return got.isEmpty() ? "{\"status\":\"failed\"}" : "{\"status\":\"ok\"}";
	}

	@GetMapping({ "/api/health/checks/alarms", "/api/health/checks/local-alarms" })
	ResponseEntity<Map<String, Object>> alarms() {
		Administration.Usage usage = this.resources.broker().usage();
		List<Map<String, String>> alarms = new ArrayList<>();
		if (usage.shortOfMemory()) {
			alarms.add(Map.of("node", OverviewController.NODE, "resource", "memory"));
		}
		if (usage.shortOfDisk()) {
			alarms.add(Map.of("node", OverviewController.NODE, "resource", "disk"));
		}
		return alarms.isEmpty() ? ResponseEntity.ok(OK)
				: failed("There are alarms in effect in the cluster", Map.of("alarms", alarms));
	}

	@GetMapping("/api/health/checks/port-listener/{port}")
	ResponseEntity<Map<String, Object>> port(@PathVariable String port) {
		if (!port.matches("\\d{1,9}")) {
			throw ApiException.badRequest("Invalid port");
		}
		int wanted = Integer.parseInt(port);
		List<Integer> ports = this.listeners.all().stream().map(Listeners.Listener::port).toList();
		return ports.contains(wanted) ? ResponseEntity.ok(Map.of("status", "ok", "port", wanted))
				: failed("No active listener", Map.of("missing", wanted, "ports", ports));
	}

	/**
	 * Whether all of some protocols are there.
	 * @param protocols with commas between them
	 */
	@GetMapping("/api/health/checks/protocol-listener/{protocols}")
	ResponseEntity<Map<String, Object>> protocols(@PathVariable String protocols) {
		List<String> present = this.listeners.all().stream().map(Listeners.Listener::protocol).toList();
		List<String> missing = Stream.of(protocols.split(","))
			.filter((one) -> !present.contains(PROTOCOLS.getOrDefault(one, one)))
			.toList();
		return missing.isEmpty() ? ResponseEntity.ok(Map.of("status", "ok", "protocols", present))
				: failed("No active listener", Map.of("missing", missing, "protocols", present));
	}

	@GetMapping({ "/api/health/checks/is-in-service", "/api/health/checks/ready-to-serve-clients",
			"/api/health/checks/virtual-hosts", "/api/health/checks/node-is-quorum-critical",
			"/api/health/checks/below-node-connection-limit", "/api/health/checks/metadata-store/initialized",
			"/api/health/checks/metadata-store/initialized/with-data",
			"/api/health/checks/quorum-queues-without-elected-leaders/all-vhosts",
			"/api/health/checks/quorum-queues-without-elected-leaders/vhost/{virtualHost}" })
	ResponseEntity<Map<String, Object>> isRunning() {
		return this.broker.isRunning() ? ResponseEntity.ok(OK) : failed("The broker is not running", Map.of());
	}

	private static ResponseEntity<Map<String, Object>> failed(String reason, Map<String, Object> more) {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("status", "failed");
		body.put("reason", reason);
		body.putAll(more);
		return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE).body(body);
	}

}
