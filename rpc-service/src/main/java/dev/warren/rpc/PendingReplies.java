package dev.warren.rpc;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/**
 * The calls that wait for a reply, by correlation id. Replies may come in any order,
 * late, or twice.
 */
final class PendingReplies {

	private final Map<String, CompletableFuture<FibonacciReply>> pending = new ConcurrentHashMap<>();

	private final LongAdder answered = new LongAdder();

	private final LongAdder timedOut = new LongAdder();

	private final LongAdder discarded = new LongAdder();

	private final int limit;

	private final long timeoutNanos;

	PendingReplies(int limit, long timeoutNanos) {
		this.limit = limit;
		this.timeoutNanos = timeoutNanos;
	}

	/**
	 * Expects a reply.
	 * @return completes with the reply, or with a {@link TimeoutException}; nothing if
	 * too many calls wait already
	 */
	Optional<CompletableFuture<FibonacciReply>> expect(String correlationId) {
		if (this.pending.size() >= this.limit) {
			return Optional.empty();
		}
		CompletableFuture<FibonacciReply> reply = new CompletableFuture<>();
		this.pending.put(correlationId, reply);
		reply.orTimeout(this.timeoutNanos, TimeUnit.NANOSECONDS).whenComplete((value, failure) -> {
			this.pending.remove(correlationId);
			if (value != null) {
				this.answered.increment();
			}
			else if (failure instanceof TimeoutException) {
				this.timedOut.increment();
			}
		});
		return Optional.of(reply);
	}

	/**
	 * Hands a reply to the call that waits for it.
	 * @return whether one did
	 */
	boolean complete(@Nullable String correlationId, FibonacciReply reply) {
		CompletableFuture<FibonacciReply> call = (correlationId != null) ? this.pending.get(correlationId) : null;
		if (call != null && call.complete(reply)) {
			return true;
		}
		this.discarded.increment();
		return false;
	}

	void fail(String correlationId, Throwable cause) {
		CompletableFuture<FibonacciReply> call = this.pending.get(correlationId);
		if (call != null) {
			call.completeExceptionally(cause);
		}
	}

	void failAll(Throwable cause) {
		this.pending.values().forEach((call) -> call.completeExceptionally(cause));
	}

	int size() {
		return this.pending.size();
	}

	long answered() {
		return this.answered.sum();
	}

	long timedOut() {
		return this.timedOut.sum();
	}

	long discarded() {
		return this.discarded.sum();
	}

}
