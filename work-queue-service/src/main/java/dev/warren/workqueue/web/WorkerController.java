package dev.warren.workqueue.web;

import java.net.URI;
import java.util.List;
import java.util.Locale;

import dev.warren.messaging.api.Problems;
import dev.warren.messaging.listener.ListenerGroup;
import dev.warren.messaging.listener.ListenerGroup.Member;
import dev.warren.messaging.listener.ListenerGroup.State;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.workqueue.Worker;
import dev.warren.workqueue.tasks.Instance;
import dev.warren.workqueue.tasks.TaskProgress;
import dev.warren.workqueue.tasks.TaskProgress.Holding;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Starts, stops and crashes the workers of this instance.
 */
@Tag(name = "Workers", description = "Who takes tasks out of the queue")
@RestController
@RequestMapping("/workers")
class WorkerController {

	private final ListenerGroup<Worker> workers;

	private final TaskProgress progress;

	private final Instance instance;

	WorkerController(ListenerGroup<Worker> workers, TaskProgress progress, Instance instance) {
		this.workers = workers;
		this.progress = progress;
		this.instance = instance;
	}

	@Operation(summary = "The workers of this instance")
	@GetMapping
	List<WorkerStatus> list() {
		return this.workers.list().stream().map(this::status).toList();
	}

	@Operation(summary = "Start one more worker")
	@Problems(ProblemType.CONFLICT)
	@ResponseStatus(HttpStatus.CREATED)
	@PostMapping
	ResponseEntity<WorkerStatus> start() {
		Member<Worker> worker = this.workers.startOne()
			.orElseThrow(() -> new ProblemException(ProblemType.CONFLICT,
					"There are as many workers as warren.work.max-workers allows, or the service stops"));
		return ResponseEntity.created(URI.create("/workers/" + worker.id())).body(status(worker));
	}

	@Operation(summary = "Stop a worker", description = "It takes no more tasks and goes when it has finished its own")
	@Problems(ProblemType.NOT_FOUND)
	@DeleteMapping("/{id}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void stop(@PathVariable String id) {
		this.workers.stop(id).orElseThrow(() -> noSuchWorker(id)).thenRun(() -> this.progress.forget(id));
	}

	@Operation(summary = "Have a worker crash",
			description = "Its channel closes without an acknowledgement: its task goes to another, marked redelivered")
	@Problems(ProblemType.NOT_FOUND)
	@PostMapping("/{id}/crash")
	WorkerStatus crash(@PathVariable String id) {
		Member<Worker> crashed = this.workers.crash(id).orElseThrow(() -> noSuchWorker(id));
		// It may have been about to take another prefetch, and its container stopped.
		this.progress.heldBy(id).ifPresent(Holding::drop);
		return status(crashed);
	}

	private static ProblemException noSuchWorker(String id) {
		return new ProblemException(ProblemType.NOT_FOUND, "There is no worker '%s'".formatted(id), "id");
	}

	private WorkerStatus status(Member<Worker> worker) {
		String task = (worker.state() == State.CRASHED) ? null
				: this.progress.heldBy(worker.id()).map((holding) -> holding.task().id()).orElse(null);
		return new WorkerStatus(worker.id(), this.instance.id(), worker.state().name().toLowerCase(Locale.ROOT), task,
				this.progress.doneBy(worker.id()));
	}

	/**
	 * A worker.
	 *
	 * @param id its id, which is its consumer tag, too
	 * @param instance the instance of the service it belongs to
	 * @param state {@code running}, {@code stopping} or {@code crashed}
	 * @param task the id of the task it works on
	 * @param done how many tasks it has done
	 */
	record WorkerStatus(String id, String instance, String state, @Nullable String task, long done) {

	}

}
