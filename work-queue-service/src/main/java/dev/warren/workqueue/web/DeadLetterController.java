package dev.warren.workqueue.web;

import java.util.Collections;
import java.util.List;

import dev.warren.messaging.api.Problems;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.workqueue.tasks.DeadLetters;
import dev.warren.workqueue.tasks.Task;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * The tasks that failed as often as they may.
 */
@Tag(name = "Dead letters", description = "The tasks that failed as often as they may")
@RestController
@RequestMapping("/dead-letters")
class DeadLetterController {

	private final DeadLetters deadLetters;

	DeadLetterController(DeadLetters deadLetters) {
		this.deadLetters = deadLetters;
	}

	@Operation(summary = "The dead letters, newest first",
			description = "Of those that have been there longest, as many as one request may read")
	@Problems({ ProblemType.BUSY, ProblemType.BROKER_UNAVAILABLE })
	@GetMapping
	List<Task> list(@RequestParam(defaultValue = "100") @Min(1) @Max(DeadLetters.MAX_READ) int limit)
			throws InterruptedException {
		List<Task> letters = this.deadLetters.list();
		Collections.reverse(letters);
		return letters.subList(0, Math.min(limit, letters.size()));
	}

	@Operation(summary = "Put a dead letter back into the task queue, with no attempts behind it")
	@Problems({ ProblemType.NOT_FOUND, ProblemType.BUSY, ProblemType.BROKER_UNAVAILABLE, ProblemType.NOT_CONFIRMED,
			ProblemType.NOT_ROUTED })
	@ResponseStatus(HttpStatus.ACCEPTED)
	@PostMapping("/{id}/replay")
	ResponseEntity<Task> replay(@PathVariable String id) throws InterruptedException {
		Task replayed = this.deadLetters.replay(id).orElseThrow(() -> noSuchLetter(id));
		return ResponseEntity.accepted().location(TaskController.location(id)).body(replayed);
	}

	@Operation(summary = "Drop a dead letter")
	@Problems({ ProblemType.NOT_FOUND, ProblemType.BUSY, ProblemType.BROKER_UNAVAILABLE })
	@DeleteMapping("/{id}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void drop(@PathVariable String id) throws InterruptedException {
		if (!this.deadLetters.drop(id)) {
			throw noSuchLetter(id);
		}
	}

	@Operation(summary = "Drop all dead letters", description = "Also those that are too large to be looked at")
	@Problems(ProblemType.BROKER_UNAVAILABLE)
	@DeleteMapping
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void dropAll() {
		this.deadLetters.dropAll();
	}

	private static ProblemException noSuchLetter(String id) {
		return new ProblemException(ProblemType.NOT_FOUND,
				"There is no dead letter '%s' among the oldest %d".formatted(id, DeadLetters.MAX_READ), "id");
	}

}
