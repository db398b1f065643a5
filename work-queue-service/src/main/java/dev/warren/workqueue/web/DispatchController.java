package dev.warren.workqueue.web;

import dev.warren.workqueue.WorkProperties;
import dev.warren.workqueue.workers.Dispatch;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * How tasks are shared out. With a prefetch of 1 a worker gets a task when it has
 * finished the one before: fair dispatch. With a large one the broker deals them out
 * beforehand, in turn, and a slow worker keeps the tasks it already holds.
 */
@Tag(name = "Dispatch", description = "How tasks are shared out")
@RestController
@RequestMapping("/dispatch")
class DispatchController {

	private final Dispatch dispatch;

	DispatchController(Dispatch dispatch) {
		this.dispatch = dispatch;
	}

	@Operation(summary = "How many tasks a worker of this instance may hold")
	@GetMapping
	Prefetch dispatch() {
		return new Prefetch(this.dispatch.prefetch());
	}

	@Operation(summary = "Change how many tasks a worker may hold",
			description = "At once: what a worker holds and has not begun goes back to the queue. 0 stands for no limit of "
					+ "its own; the service keeps to 250 then")
	@PutMapping
	Prefetch change(@RequestBody @Valid Prefetch changed) {
		Integer prefetch = changed.prefetch();
		if (prefetch != null) {
			this.dispatch.change(prefetch);
		}
		return dispatch();
	}

	/**
	 * The dispatch.
	 *
	 * @param prefetch how many tasks a worker may hold unacknowledged, 0 for any number
	 */
	record Prefetch(@NotNull @Min(0) @Max(WorkProperties.MAX_PREFETCH) @Nullable Integer prefetch) {

	}

}
