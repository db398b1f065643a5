package dev.warren.rpc;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

import org.springframework.stereotype.Component;

/**
 * Runs the calls of a batch, many at once but not so many that other callers find no
 * place.
 */
@Component
@ConditionalOnRole(RpcProperties.Role.CLIENT)
class FibonacciBatch {

	private final int window;

	FibonacciBatch(RpcProperties properties) {
		this.window = Math.max(1, properties.maxInFlight() / 2);
	}

	/**
	 * Runs calls that do not fail.
	 * @return completes with their results, in the order of the numbers
	 */
	<T> CompletableFuture<List<T>> run(List<Integer> numbers, IntFunction<CompletableFuture<T>> call) {
		List<CompletableFuture<T>> results = new ArrayList<>();
		numbers.forEach((n) -> results.add(new CompletableFuture<>()));
		AtomicInteger next = new AtomicInteger();
		for (int i = 0; i < Math.min(this.window, numbers.size()); i++) {
			runFrom(next, numbers, results, call);
		}
		return CompletableFuture.allOf(results.toArray(CompletableFuture<?>[]::new))
			.thenApply((done) -> results.stream().map(CompletableFuture::join).toList());
	}

	private <T> void runFrom(AtomicInteger next, List<Integer> numbers, List<CompletableFuture<T>> results,
			IntFunction<CompletableFuture<T>> call) {
		int index = next.getAndIncrement();
		if (index < numbers.size()) {
			// Async: the reply comes on the channel's thread, where publishing must not
			// wait.
			call.apply(numbers.get(index))
				.thenAccept(results.get(index)::complete)
				.thenRunAsync(() -> runFrom(next, numbers, results, call));
		}
	}

}
