package dev.warren.workqueue.web;

import dev.warren.messaging.broker.QueueStatus;
import dev.warren.messaging.broker.Topology;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.workqueue.WorkTopology;
import io.swagger.v3.oas.annotations.Operation;

import org.springframework.amqp.core.Queue;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.WebAsyncTask;

/**
 * The queue of tasks, as {@code rabbitmqctl list_queues} shows it.
 */
@RestController
@RequestMapping("/queue")
class QueueController {

	private final Topology topology;

	private final Queue queue;

	QueueController(Topology topology, @Qualifier("taskQueue") Queue queue) {
		this.topology = topology;
		this.queue = queue;
	}

	@Operation(summary = "The queue, its ready tasks, its consumers and its arguments")
	@GetMapping
	WebAsyncTask<QueueStatus> queue() {
		return new WebAsyncTask<>(Topology.TIMEOUT_MILLIS, () -> this.topology.status(this.queue));
	}

	@Operation(summary = "Delete the queue",
			description = "If it is empty, or by force. Whoever declares it next decides on its arguments; "
					+ "this service does as soon as one of its workers misses it")
	@DeleteMapping
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void delete(@RequestParam(defaultValue = "false") boolean force) {
		if (!this.topology.delete(this.queue, force)) {
			throw new ProblemException(ProblemType.CONFLICT,
					"The queue '%s' is not empty: ?force=true deletes it and its tasks".formatted(WorkTopology.QUEUE));
		}
	}

}
