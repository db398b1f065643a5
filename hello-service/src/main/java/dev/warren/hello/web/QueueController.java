package dev.warren.hello.web;

import dev.warren.hello.HelloTopology;
import dev.warren.messaging.broker.QueueStatus;
import dev.warren.messaging.broker.Topology;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import io.swagger.v3.oas.annotations.Operation;

import org.springframework.amqp.core.Queue;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.WebAsyncTask;

/**
 * The queue, as {@code rabbitmqctl list_queues} shows it.
 */
@RestController
@RequestMapping("/queue")
class QueueController {

	private final Topology topology;

	private final Queue hello;

	QueueController(Topology topology, Queue hello) {
		this.topology = topology;
		this.hello = hello;
	}

	@Operation(summary = "The queue as it is, its ready messages and its consumers")
	@GetMapping
	WebAsyncTask<QueueStatus> status() {
		return new WebAsyncTask<>(Topology.TIMEOUT_MILLIS, () -> this.topology.status(this.hello));
	}

	@Operation(summary = "Delete the queue",
			description = "Whoever declares it next decides what it is; receivers that run declare it at once")
	@DeleteMapping
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void delete(@RequestParam(defaultValue = "false") boolean force) {
		if (!this.topology.delete(this.hello, force)) {
			throw new ProblemException(ProblemType.CONFLICT,
					"There are messages in the queue '%s'; to delete it with them, add '?force=true'"
						.formatted(HelloTopology.QUEUE),
					"force");
		}
	}

}
