package dev.warren.messaging.web;

import dev.warren.messaging.api.Problems;
import dev.warren.messaging.broker.QueueStatus;
import dev.warren.messaging.broker.Topology;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import io.swagger.v3.oas.annotations.Operation;

import org.springframework.amqp.core.Queue;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.context.request.async.WebAsyncTask;

/**
 * What a service's REST API says of its queue, and the way out where another program has
 * declared it otherwise. A service extends it by a controller with a path.
 */
public abstract class QueueEndpoint {

	private final Topology topology;

	private final Queue queue;

	/**
	 * Creates the endpoint of a queue.
	 * @param topology what is on the broker
	 * @param queue the queue as the service declares it
	 */
	protected QueueEndpoint(Topology topology, Queue queue) {
		this.topology = topology;
		this.queue = queue;
	}

	@Operation(summary = "The queue as it is on the broker",
			description = "Its ready messages, its consumers and its arguments, as 'rabbitmqctl list_queues' shows them")
	@Problems(ProblemType.BROKER_UNAVAILABLE)
	@GetMapping
	WebAsyncTask<QueueStatus> status() {
		return new WebAsyncTask<>(Topology.TIMEOUT_MILLIS, () -> this.topology.status(this.queue));
	}

	@Operation(summary = "Delete the queue",
			description = "If it is empty, or by force. Whoever declares it next decides "
					+ "on its arguments; this service does as soon as it has something to receive from it")
	@Problems({ ProblemType.CONFLICT, ProblemType.BROKER_UNAVAILABLE })
	@DeleteMapping
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void delete(@RequestParam(defaultValue = "false") boolean force) {
		if (!this.topology.delete(this.queue, force)) {
			throw new ProblemException(ProblemType.CONFLICT,
					"There are messages in the queue '%s'; to delete it with them, add '?force=true'"
						.formatted(this.queue.getName()),
					"force");
		}
	}

}
