package dev.warren.workqueue;

import io.swagger.v3.oas.annotations.Operation;
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
 * beforehand, in turn, and who is slow keeps what it was dealt.
 */
@RestController
@RequestMapping("/dispatch")
class DispatchController {

	private final Workers workers;

	DispatchController(Workers workers) {
		this.workers = workers;
	}

	@Operation(summary = "How many tasks a worker of this instance may hold")
	@GetMapping
	Dispatch dispatch() {
		return new Dispatch(this.workers.prefetch());
	}

	@Operation(summary = "Change how many tasks a worker may hold",
			description = "At once: what a worker holds and has not begun goes back to the queue. 0 stands for no limit of "
					+ "its own; the service keeps to 250 then")
	@PutMapping
	Dispatch change(@RequestBody @Valid Dispatch dispatch) {
		Integer prefetch = dispatch.prefetch();
		if (prefetch != null) {
			this.workers.changePrefetch(prefetch);
		}
		return dispatch();
	}

	/**
	 * The dispatch.
	 *
	 * @param prefetch how many tasks a worker may hold unacknowledged, 0 for any number
	 */
	record Dispatch(@NotNull @Min(0) @Max(Worker.MAX_PREFETCH) @Nullable Integer prefetch) {

	}

}
