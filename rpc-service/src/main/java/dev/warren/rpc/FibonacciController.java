package dev.warren.rpc;

import java.util.List;
import java.util.concurrent.ExecutionException;

import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * Fibonacci numbers, asked for over AMQP.
 * <p>
 * The thread of an HTTP request waits for the reply: to be woken is cheaper than an
 * asynchronous request's second way through the server, and no more of them can wait than
 * {@code warren.rpc.max-in-flight} allows. A call ends by itself when its time is up.
 */
@RestController
@ConditionalOnRole(RpcProperties.Role.CLIENT)
class FibonacciController {

	private static final int MAX_BATCH = 1000;

	private final FibonacciClient client;

	private final int batchWindow;

	FibonacciController(FibonacciClient client, RpcProperties properties) {
		this.client = client;
		this.batchWindow = properties.batchWindow();
	}

	@Operation(summary = "The n-th Fibonacci number, exactly")
	@GetMapping("/fibonacci/{n}")
	Answer fibonacci(@PathVariable int n, HttpServletRequest request) throws InterruptedException {
		check(n, "n");
		return await(this.client.ask(n), Caller.of(request));
	}

	private Answer await(Call call, Caller caller) throws InterruptedException {
		try {
			while (!call.await()) {
				if (caller.hasLeft()) {
					this.client.cancel(call);
				}
			}
			return Answer.of(call, call.reply().get());
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof ProblemException problem) ? problem : new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			this.client.cancel(call);
			throw ex;
		}
	}

	@Operation(summary = "Many Fibonacci numbers, in the order asked for",
			description = "200 if all were answered, 207 if some were; if none was, the problem is answered")
	@PostMapping("/fibonacci/batch")
	ResponseEntity<List<Answer>> batch(@RequestBody List<@Nullable Integer> numbers, HttpServletRequest request)
			throws InterruptedException {
		if (numbers.size() > MAX_BATCH) {
			throw new ProblemException(ProblemType.TOO_LARGE,
					"The batch has %d elements, more than %d".formatted(numbers.size(), MAX_BATCH));
		}
		for (int i = 0; i < numbers.size(); i++) {
			check(numbers.get(i), "[%d]".formatted(i));
		}
		List<Answer> answers = run(numbers.stream().map((n) -> (n != null) ? n : 0).toList(), Caller.of(request));
		boolean all = answers.stream().allMatch((answer) -> answer.problem() == null);
		return ResponseEntity.status(all ? HttpStatus.OK : HttpStatus.MULTI_STATUS).body(answers);
	}

	private List<Answer> run(List<Integer> numbers, Caller caller) throws InterruptedException {
		int window = Math.min(this.batchWindow, numbers.size());
		this.client.replies().reserve(window);
		try {
			return new FibonacciBatch(this.client, numbers).run(window, caller);
		}
		finally {
			this.client.replies().release(window);
		}
	}

	@Operation(summary = "How the calls and their replies fared")
	@GetMapping("/replies")
	Replies replies() {
		PendingReplies replies = this.client.replies();
		return new Replies(replies.answered(), replies.timedOut(), replies.discarded(), replies.failed(),
				replies.cancelled(), replies.refused(), replies.size());
	}

	private static void check(@Nullable Integer n, String field) {
		if (n == null || n < 0 || n > Fibonacci.MAX_N) {
			throw new ProblemException(ProblemType.INVALID_VALUE,
					"%s must be a number from 0 to %d".formatted(n, Fibonacci.MAX_N), field);
		}
	}

	/**
	 * What became of the calls and of the replies.
	 *
	 * @param answered calls that got their reply
	 * @param timedOut calls that got none in time
	 * @param discarded replies nobody waited for: late, a second one, or unknown
	 * @param failed calls whose request was not sent or whose reply could not come any
	 * more
	 * @param cancelled calls whose caller has left
	 * @param refused calls and batches that found too many under way
	 * @param waiting calls under way
	 */
	record Replies(long answered, long timedOut, long discarded, long failed, long cancelled, long refused,
			int waiting) {

	}

}
