package dev.warren.broker.management;

import java.util.List;
import java.util.Map;

import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.rabbitmq.channel.LocalChannel;
import dev.warren.broker.rabbitmq.host.GotMessage;
import dev.warren.broker.rabbitmq.wire.MessageProperties;

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

	private static final Map<String, Object> OK = Map.of("status", "ok");

	private final Resources resources;

	private final EmbeddedBroker broker;

	HealthCheckController(Resources resources, EmbeddedBroker broker) {
		this.resources = resources;
		this.broker = broker;
	}

	/**
	 * Declares a queue, and publishes a message to it and gets it back. Spring AMQP's
	 * test support compares the answer as text, without a line's end.
	 */
	@GetMapping(path = "/api/aliveness-test/{virtualHost}", produces = MediaType.APPLICATION_JSON_VALUE)
	String aliveness(Caller caller, @PathVariable String virtualHost) {
		this.resources.virtualHost(caller, virtualHost);
		LocalChannel channel = this.resources.channel(caller, virtualHost);
		channel.declareQueue(QUEUE, false, false, false, Map.of());
		channel.publish("", QUEUE, MessageProperties.none(), new byte[1]);
		List<GotMessage> got = channel.get(QUEUE, 1, LocalChannel.Settle.ACKNOWLEDGE, 1);
		return got.isEmpty() ? "{\"status\":\"failed\"}" : "{\"status\":\"ok\"}";
	}

	@GetMapping({ "/api/health/checks/alarms", "/api/health/checks/local-alarms", "/api/health/checks/is-in-service",
			"/api/health/checks/ready-to-serve-clients", "/api/health/checks/virtual-hosts",
			"/api/health/checks/node-is-quorum-critical", "/api/health/checks/below-node-connection-limit",
			"/api/health/checks/metadata-store/initialized",
			"/api/health/checks/metadata-store/initialized/with-data" })
	ResponseEntity<Map<String, Object>> isRunning() {
		return this.broker.isRunning() ? ResponseEntity.ok(OK)
				: ResponseEntity.status(503).body(Map.of("status", "failed", "reason", "The broker is not running"));
	}

}
