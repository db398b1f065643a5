package dev.warren.postbox.web;

import java.util.List;

import dev.warren.messaging.api.Problems;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.postbox.deliveries.Deliveries;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Letters that were collected, to be settled.
 */
@Tag(name = "Deliveries", description = "Letters that were taken out, to be settled")
@RestController
@RequestMapping("/deliveries")
class DeliveryController {

	private final Deliveries deliveries;

	DeliveryController(Deliveries deliveries) {
		this.deliveries = deliveries;
	}

	@Operation(summary = "The letters this instance has delivered that are not settled yet")
	@GetMapping
	List<Deliveries.OpenDelivery> list() {
		return this.deliveries.list();
	}

	@Operation(summary = "Acknowledge a letter",
			description = "200 once the broker has forgotten it. 409 if it is settled already, or went back to its box")
	@Problems({ ProblemType.NOT_FOUND, ProblemType.CONFLICT, ProblemType.BROKER_UNAVAILABLE })
	@PostMapping("/{handle}/ack")
	Deliveries.Settlement acknowledge(@PathVariable String handle) {
		return this.deliveries.acknowledge(handle);
	}

	@Operation(summary = "Reject a letter",
			description = "'requeue' says whether it goes back to its box or is dropped")
	@Problems({ ProblemType.NOT_FOUND, ProblemType.CONFLICT, ProblemType.BROKER_UNAVAILABLE })
	@PostMapping("/{handle}/reject")
	Deliveries.Settlement reject(@PathVariable String handle, @RequestParam(defaultValue = "true") boolean requeue) {
		return this.deliveries.reject(handle, requeue);
	}

}
