package dev.warren.rpc;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;

import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import org.jspecify.annotations.Nullable;

/**
 * The calls that wait for a reply, by correlation id. Replies may come in any order,
 * late, or twice; whoever takes a call out of the map decides how it ends.
 * <p>
 * Each call has one of a limited number of places: its own, which is free again before
 * the call completes, or one of those a batch has {@linkplain #reserve reserved}.
 */
final class PendingReplies {

	private final Map<String, Call> calls = new ConcurrentHashMap<>();

	private final Semaphore places;

	private final LongAdder answered = new LongAdder();

	private final LongAdder timedOut = new LongAdder();

	private final LongAdder failed = new LongAdder();

	private final LongAdder cancelled = new LongAdder();

	private final LongAdder refused = new LongAdder();

	private final LongAdder discarded = new LongAdder();

	private final int limit;

	PendingReplies(int limit) {
		this.limit = limit;
		this.places = new Semaphore(limit);
	}

	/**
	 * Reserves places for calls to come.
	 * @throws ProblemException if there are not so many
	 */
	void reserve(int count) {
		if (!this.places.tryAcquire(count)) {
			this.refused.increment();
			throw new ProblemException(ProblemType.BUSY,
					"As many calls are under way as warren.rpc.max-in-flight, %d, allows".formatted(this.limit));
		}
	}

	/**
	 * Gives reserved places back.
	 */
	void release(int count) {
		this.places.release(count);
	}

	/**
	 * Expects the reply to a call that has a place.
	 */
	void expect(Call call) {
		this.calls.put(call.correlationId(), call);
	}

	boolean isExpected(Call call) {
		return this.calls.containsKey(call.correlationId());
	}

	/**
	 * Hands a reply to the call that waits for it.
	 * @return whether one did
	 */
	boolean complete(@Nullable String correlationId, FibonacciReply reply) {
		Call call = (correlationId != null) ? remove(correlationId) : null;
		if (call == null) {
			this.discarded.increment();
			return false;
		}
		this.answered.increment();
		call.reply().complete(reply);
		return true;
	}

	/**
	 * Fails a call, unless it has ended.
	 */
	void fail(String correlationId, ProblemException problem) {
		end(correlationId, problem, this.failed);
	}

	/**
	 * Fails a call that had no reply in time, unless it has ended.
	 */
	void expire(String correlationId, ProblemException problem) {
		end(correlationId, problem, this.timedOut);
	}

	/**
	 * Ends a call whose caller has left, unless it has ended.
	 */
	void cancel(String correlationId, ProblemException problem) {
		end(correlationId, problem, this.cancelled);
	}

	private void end(String correlationId, ProblemException problem, LongAdder counter) {
		Call call = remove(correlationId);
		if (call != null) {
			counter.increment();
			call.reply().completeExceptionally(problem);
		}
	}

	// Its place is free before its caller can ask again.
	private @Nullable Call remove(String correlationId) {
		Call call = this.calls.remove(correlationId);
		if (call != null && !call.isOfBatch()) {
			this.places.release();
		}
		return call;
	}

	/**
	 * The calls that wait, in no order.
	 */
	Collection<Call> calls() {
		return this.calls.values();
	}

	int size() {
		return this.calls.size();
	}

	long answered() {
		return this.answered.sum();
	}

	long timedOut() {
		return this.timedOut.sum();
	}

	long failed() {
		return this.failed.sum();
	}

	long cancelled() {
		return this.cancelled.sum();
	}

	long refused() {
		return this.refused.sum();
	}

	long discarded() {
		return this.discarded.sum();
	}

}
