package dev.warren.rpc;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import io.swagger.v3.oas.annotations.Operation;
import org.jspecify.annotations.Nullable;

import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * Fibonacci numbers, asked for over AMQP.
 */
@RestController
@ConditionalOnRole(RpcProperties.Role.CLIENT)
class FibonacciController {

	private static final int MAX_BATCH = 1000;

	private final FibonacciClient client;

	private final FibonacciBatch batch;

	FibonacciController(FibonacciClient client, FibonacciBatch batch) {
		this.client = client;
		this.batch = batch;
	}

	@Operation(summary = "The n-th Fibonacci number, exactly")
	@GetMapping("/fibonacci/{n}")
	CompletableFuture<Answer> fibonacci(@PathVariable int n) {
		check(n, "n");
		return answer(n);
	}

	@Operation(summary = "Many Fibonacci numbers, in the order asked for")
	@PostMapping("/fibonacci/batch")
	CompletableFuture<List<Answer>> batch(@RequestBody List<@Nullable Integer> numbers) {
		if (numbers.size() > MAX_BATCH) {
			throw new ProblemException(ProblemType.TOO_LARGE,
					"The batch has %d elements, more than %d".formatted(numbers.size(), MAX_BATCH));
		}
		for (int i = 0; i < numbers.size(); i++) {
			check(numbers.get(i), "[%d]".formatted(i));
		}
		return this.batch.run(numbers.stream().map((n) -> (n != null) ? n : 0).toList(),
				(n) -> answer(n).exceptionally((failure) -> Answer.failed(n, problem(failure))));
	}

	@Operation(summary = "How the replies fared")
	@GetMapping("/replies")
	Replies replies() {
		PendingReplies replies = this.client.replies();
		return new Replies(replies.answered(), replies.timedOut(), replies.discarded(), replies.size());
	}

	private static void check(@Nullable Integer n, String field) {
		if (n == null || n < 0 || n > Fibonacci.MAX_N) {
			throw new ProblemException(ProblemType.INVALID_VALUE,
					"%s must be a number from 0 to %d".formatted(n, Fibonacci.MAX_N), field);
		}
	}

	private CompletableFuture<Answer> answer(int n) {
		long begin = System.nanoTime();
		FibonacciClient.Call call = this.client.ask(n);
		return call.reply().handle((reply, failure) -> {
			if (failure instanceof TimeoutException) {
				throw new ProblemException(ProblemType.NO_REPLY, "No server replied in time");
			}
			if (failure != null) {
				throw (failure instanceof CompletionException wrapped) ? wrapped : new CompletionException(failure);
			}
			if (reply.error() != null) {
				throw new ProblemException(problemType(reply.error()), reply.body());
			}
			return new Answer(n, reply.body(), call.correlationId(), reply.server(),
					(System.nanoTime() - begin) / 10_000 / 100.0, null);
		});
	}

	private static ProblemType problemType(String error) {
		return switch (error) {
			case "INVALID_REQUEST" -> ProblemType.INVALID_VALUE;
			case "TIMED_OUT" -> ProblemType.NO_REPLY;
			default -> ProblemType.SERVER_FAILED;
		};
	}

	private static ProblemDetail problem(Throwable failure) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		return (cause instanceof ProblemException problem) ? problem.getBody()
				: ProblemType.INTERNAL_ERROR.withDetail("The call failed");
	}

	/**
	 * A Fibonacci number.
	 *
	 * @param n its index
	 * @param value the number, in decimal
	 * @param correlationId the correlation id of the request
	 * @param server the server that answered, if it says
	 * @param elapsedMs how long the call took, in milliseconds
	 * @param problem why there is no value, in a batch
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Answer(int n, @Nullable String value, @Nullable String correlationId, @Nullable String server,
			@Nullable Double elapsedMs, @Nullable ProblemDetail problem) {

		static Answer failed(int n, ProblemDetail problem) {
			return new Answer(n, null, null, null, null, problem);
		}

	}

	/**
	 * What became of the replies.
	 *
	 * @param answered calls that got their reply
	 * @param timedOut calls that got none in time
	 * @param discarded replies nobody waited for: late, a second one, or unknown
	 * @param waiting calls under way
	 */
	record Replies(long answered, long timedOut, long discarded, int waiting) {

	}

}
