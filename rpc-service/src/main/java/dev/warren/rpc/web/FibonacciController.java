package dev.warren.rpc.web;

import java.util.concurrent.CompletableFuture;

import dev.warren.messaging.api.Problems;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.rpc.ConditionalOnRole;
import dev.warren.rpc.FibonacciClient;
import dev.warren.rpc.RpcProperties;
import dev.warren.rpc.calls.Caller;
import dev.warren.rpc.calls.Calls;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.amqp.core.Message;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * Fibonacci numbers, asked for over AMQP.
 */
@Tag(name = "Fibonacci numbers", description = "Asked for over AMQP")
@RestController
@ConditionalOnRole(RpcProperties.Role.CLIENT)
class FibonacciController {

	private final FibonacciClient client;

	private final Calls calls;

	FibonacciController(FibonacciClient client, Calls calls) {
		this.client = client;
		this.calls = calls;
	}

	@Operation(summary = "The n-th Fibonacci number, exactly")
	@Problems({ ProblemType.SERVER_FAILED, ProblemType.NOT_ROUTED, ProblemType.BUSY, ProblemType.BROKER_UNAVAILABLE,
			ProblemType.NO_REPLY })
	@GetMapping("/fibonacci/{n}")
	Answer fibonacci(@PathVariable @Schema(type = "integer", minimum = "0", example = "30") String n,
			HttpServletRequest request) throws InterruptedException {
		int index = n.matches("[0-9]{1,9}") ? Integer.parseInt(n) : -1;
		BatchController.check(index, "n");
		this.calls.reserve(1);
		try {
			return this.calls.await(ask(this.client, index), Caller.of(request));
		}
		finally {
			this.calls.release(1);
		}
	}

	static CompletableFuture<Answer> ask(FibonacciClient client, int n) {
		long begin = System.nanoTime();
		CompletableFuture<Message> reply = client.ask(n);
		CompletableFuture<Answer> answer = reply.thenApply((message) -> Answer.of(n, message, begin));
		// Who gives up the one gives up the other.
		answer.whenComplete((given, failure) -> reply.cancel(false));
		return answer;
	}

}
