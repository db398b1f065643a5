package dev.warren.logs.web;

import java.util.List;
import java.util.stream.Stream;

import dev.warren.logs.subscriptions.LogType;
import dev.warren.logs.subscriptions.Subscriptions;
import dev.warren.messaging.api.Problems;
import dev.warren.messaging.broker.ExchangeStatus;
import dev.warren.messaging.broker.Topology;
import dev.warren.messaging.problem.ProblemType;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * The exchanges, and the way out where another program has declared one otherwise.
 */
@Tag(name = "Exchanges", description = "As they are on the broker")
@RestController
@RequestMapping("/exchanges")
class ExchangeController {

	private final Topology topology;

	private final Subscriptions subscriptions;

	ExchangeController(Topology topology, Subscriptions subscriptions) {
		this.topology = topology;
		this.subscriptions = subscriptions;
	}

	@Operation(summary = "The exchanges as they are on the broker")
	@Problems(ProblemType.BROKER_UNAVAILABLE)
	@GetMapping
	List<ExchangeStatus> list() {
		return Stream.of(LogType.values()).map(this.subscriptions::exchange).toList();
	}

	@Operation(summary = "Delete the exchange of a type, and declare it as this service does",
			description = "'force' deletes it though queues are bound to it; this service binds its own again")
	@Problems({ ProblemType.CONFLICT, ProblemType.BROKER_UNAVAILABLE })
	@DeleteMapping("/{type}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void delete(@PathVariable @Schema(allowableValues = { "fanout", "direct", "topic", "headers" }) String type,
			@RequestParam(defaultValue = "false") boolean force) {
		LogType logType = LogType.of(type);
		this.topology.deleteExchange(logType.exchange(), force);
		this.subscriptions.bindAgain(logType);
	}

}
