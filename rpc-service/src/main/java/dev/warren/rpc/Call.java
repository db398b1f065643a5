package dev.warren.rpc;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

import org.jspecify.annotations.Nullable;

/**
 * A call under way: a request that was or will be sent, and the reply to come.
 */
final class Call {

	private final String correlationId;

	private final int n;

	private final Map<String, Object> traceContext;

	private final long begin = System.nanoTime();

	private final long timeoutNanos;

	private final boolean ofBatch;

	private final CompletableFuture<FibonacciReply> reply = new CompletableFuture<>();

	// One permit for the reply, and one whenever it is time to look after the caller.
	private final Semaphore wakeUps = new Semaphore(0);

	private volatile @Nullable ReplyChannel sentOn;

	/**
	 * Creates a call.
	 * @param correlationId tells its reply from others
	 * @param n the index asked for
	 * @param traceContext the headers that carry the caller's trace context
	 * @param timeoutNanos how long it may take
	 * @param ofBatch whether its place is its batch's
	 */
	Call(String correlationId, int n, Map<String, Object> traceContext, long timeoutNanos, boolean ofBatch) {
		this.correlationId = correlationId;
		this.n = n;
		this.traceContext = traceContext;
		this.timeoutNanos = timeoutNanos;
		this.ofBatch = ofBatch;
		if (!ofBatch) {
			this.reply.whenComplete((reply, problem) -> wakeUp());
		}
	}

	boolean isOfBatch() {
		return this.ofBatch;
	}

	String correlationId() {
		return this.correlationId;
	}

	int n() {
		return this.n;
	}

	/**
	 * The headers of its request.
	 * @param deadline until when the caller waits, in milliseconds since 1970
	 */
	Map<String, Object> headers(long deadline) {
		Map<String, Object> headers = new HashMap<>(this.traceContext);
		headers.put(RpcTopology.DEADLINE_HEADER, Long.toString(deadline));
		return headers;
	}

	/**
	 * Completes with the reply, or fails with a
	 * {@link dev.warren.messaging.problem.ProblemException}, on a thread that must not
	 * block.
	 */
	CompletableFuture<FibonacciReply> reply() {
		return this.reply;
	}

	/**
	 * Has the thread that waits for the reply look whether its caller is still there.
	 */
	void wakeUp() {
		this.wakeUps.release();
	}

	/**
	 * Waits until the call has ended or it is time to look after its caller. Somebody
	 * else tells when: to wait for a limited time costs a virtual thread a timer for each
	 * call.
	 * @return whether the call has ended
	 */
	boolean await() throws InterruptedException {
		this.wakeUps.acquire();
		return this.reply.isDone();
	}

	long elapsedNanos() {
		return System.nanoTime() - this.begin;
	}

	/**
	 * How long the caller still waits; not positive when no longer.
	 */
	long remainingNanos() {
		return this.timeoutNanos - elapsedNanos();
	}

	void sentOn(ReplyChannel channel) {
		this.sentOn = channel;
	}

	/**
	 * The channel its reply can come on, or {@code null} while it was not sent.
	 */
	@Nullable ReplyChannel sentOn() {
		return this.sentOn;
	}

}
