package dev.warren.rpc.web;

import dev.warren.messaging.broker.QueueStatus;
import dev.warren.messaging.broker.Topology;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.rpc.ConditionalOnRole;
import dev.warren.rpc.RpcProperties;
import io.swagger.v3.oas.annotations.Operation;

import org.springframework.amqp.core.Queue;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * The queue of the requests, which the servers declare.
 */
@RestController
@RequestMapping("/queue")
@ConditionalOnRole(RpcProperties.Role.SERVER)
class QueueController {

	private final Topology topology;

	private final Queue requests;

	QueueController(Topology topology, Queue requests) {
		this.topology = topology;
		this.requests = requests;
	}

	@Operation(summary = "The queue of the requests, as it is on the broker")
	@GetMapping
	QueueStatus queue() {
		return this.topology.status(this.requests);
	}

	@Operation(summary = "Delete the queue, and declare it as this service does",
			description = "409 if requests wait in it, unless forced")
	@DeleteMapping
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void delete(@RequestParam(defaultValue = "false") boolean force) {
		if (!this.topology.delete(this.requests, force)) {
			throw new ProblemException(ProblemType.CONFLICT,
					"There are requests in the queue; to delete it with them, add '?force=true'", "force");
		}
	}

}
