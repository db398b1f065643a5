package dev.warren.rpc.web;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.warren.messaging.api.Problems;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.rpc.ConditionalOnRole;
import dev.warren.rpc.Fibonacci;
import dev.warren.rpc.FibonacciClient;
import dev.warren.rpc.RpcProperties;
import dev.warren.rpc.calls.Caller;
import dev.warren.rpc.calls.Calls;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * Many calls in flight at once, and how all calls fared. The first of a batch that is
 * answered makes room for the next. Once one finds no broker, or no server in time, those
 * that have not been asked are not asked any more.
 */
@Tag(name = "Fibonacci numbers", description = "Asked for over AMQP")
@RestController
@ConditionalOnRole(RpcProperties.Role.CLIENT)
class BatchController {

	private static final int MAX_BATCH = 1000;

	private final FibonacciClient client;

	private final Calls calls;

	private final int window;

	BatchController(FibonacciClient client, Calls calls, RpcProperties properties) {
		this.client = client;
		this.calls = calls;
		this.window = properties.batchWindow();
	}

	@Operation(summary = "Many Fibonacci numbers, in the order asked for",
			description = "200 if all were answered, 207 if some were; if none was, the problem is answered")
	@ApiResponse(responseCode = "200", description = "All were answered", useReturnTypeSchema = true)
	@ApiResponse(responseCode = "207", description = "Some were answered", useReturnTypeSchema = true)
	@Problems({ ProblemType.NOT_ROUTED, ProblemType.BUSY, ProblemType.BROKER_UNAVAILABLE, ProblemType.NO_REPLY })
	@PostMapping("/fibonacci/batch")
	ResponseEntity<List<Answer>> batch(@RequestBody List<Integer> numbers, HttpServletRequest request)
			throws InterruptedException {
		if (numbers.size() > MAX_BATCH) {
			throw new ProblemException(ProblemType.TOO_LARGE,
					"The batch has %d elements, more than %d".formatted(numbers.size(), MAX_BATCH));
		}
		for (int i = 0; i < numbers.size(); i++) {
			check(numbers.get(i), "[%d]".formatted(i));
		}
		int places = Math.min(this.window, numbers.size());
		this.calls.reserve(places);
		try {
			List<Answer> answers = run(numbers, places, Caller.of(request));
			boolean all = answers.stream().allMatch((answer) -> answer.problem() == null);
			return ResponseEntity.status(all ? HttpStatus.OK : HttpStatus.MULTI_STATUS).body(answers);
		}
		finally {
			this.calls.release(places);
		}
	}

	@Operation(summary = "How the calls and their replies fared")
	@GetMapping("/replies")
	Calls.Replies replies() {
		return this.calls.replies();
	}

	static void check(@Nullable Integer n, String field) {
		if (n == null || n < 0 || n > Fibonacci.MAX_N) {
			throw new ProblemException(ProblemType.INVALID_VALUE,
					"%s must be a number from 0 to %d, in decimal digits".formatted(field, Fibonacci.MAX_N), field);
		}
	}

	private List<Answer> run(List<Integer> numbers, int places, Caller caller) throws InterruptedException {
		List<CompletableFuture<Answer>> asked = new ArrayList<>();
		List<Answer> answers = new ArrayList<>();
		ProblemException ended = null;
		for (int i = 0; i < numbers.size(); i++) {
			while (ended == null && asked.size() < Math.min(i + places, numbers.size())) {
				asked.add(FibonacciController.ask(this.client, numbers.get(asked.size())));
			}
			if (i >= asked.size()) {
				answers.add(failed(numbers.get(i),
						new ProblemException(ProblemType.BROKER_UNAVAILABLE, "Not asked, since another call failed")));
				continue;
			}
			try {
				answers.add(this.calls.await(asked.get(i), caller));
			}
			catch (ProblemException ex) {
				answers.add(failed(numbers.get(i), ex));
				ended = endsAll(ex) ? ex : ended;
				if (caller.hasLeft()) {
					asked.forEach((call) -> call.cancel(false));
				}
			}
		}
		if (ended != null && answers.stream().allMatch((answer) -> answer.value() == null)) {
			throw ended;
		}
		return answers;
	}

	private static Answer failed(int n, ProblemException problem) {
		return new Answer(n, null, null, null, null, problem.getBody());
	}

	// No broker, or no server in time.
	private static boolean endsAll(ProblemException problem) {
		HttpStatusCode status = problem.getStatusCode();
		return status.isSameCodeAs(HttpStatus.SERVICE_UNAVAILABLE) || status.isSameCodeAs(HttpStatus.GATEWAY_TIMEOUT);
	}

}
