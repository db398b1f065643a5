package dev.warren.broker.management;

import java.util.List;
import java.util.Map;

import dev.warren.broker.rabbitmq.fault.Faults;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * What is to go wrong in a virtual host, for those who learn. There is no such thing
 * unless the broker was started with it, and RabbitMQ's API has none.
 */
@RestController
@For(Tag.ADMINISTRATOR)
@ConditionalOnBooleanProperty("warren.broker.faults")
final class FaultController {

	private static final int MOST = 1_000_000;

	private final Resources resources;

	FaultController(Resources resources) {
		this.resources = resources;
	}

	private Faults faults(Caller caller, String virtualHost) {
		return this.resources.virtualHost(caller, virtualHost).faults();
	}

	/**
	 * The faults that are still to come, in words.
	 */
	@GetMapping("/api/faults/{virtualHost}")
	List<String> active(Caller caller, @PathVariable String virtualHost) {
		return faults(caller, virtualHost).active();
	}

	@PostMapping("/api/faults/{virtualHost}")
	ResponseEntity<Map<String, Object>> order(Caller caller, Body body, @PathVariable String virtualHost) {
		Faults faults = faults(caller, virtualHost);
		body.require("fault");
		switch (body.text("fault", "")) {
			case "lose-confirm" -> faults.loseConfirms(count(body));
			case "nack" -> faults.nackPublishes(count(body));
			case "deliver-twice" -> {
				body.require("queue");
				faults.deliverTwice(this.resources.queue(caller, virtualHost, body.text("queue", "")).name(),
						count(body));
			}
			case "drop-connections" -> {
				return ResponseEntity.ok(Map.of("connections", faults.dropConnections()));
			}
			default -> throw ApiException
				.badRequest("There is no such fault, but lose-confirm, nack, deliver-twice and drop-connections");
		}
		return ResponseEntity.noContent().build();
	}

	private static int count(Body body) {
		int count = body.has("count") ? body.integer("count") : 1;
		if (count < 1 || count > MOST) {
			throw ApiException.badRequest("'count' must be from 1 to %d".formatted(MOST));
		}
		return count;
	}

	@DeleteMapping("/api/faults/{virtualHost}")
	ResponseEntity<Void> clear(Caller caller, @PathVariable String virtualHost) {
		faults(caller, virtualHost).clear();
		return ResponseEntity.noContent().build();
	}

}
