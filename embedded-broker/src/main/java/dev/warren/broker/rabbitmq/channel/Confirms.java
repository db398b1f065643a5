package dev.warren.broker.rabbitmq.channel;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.warren.broker.rabbitmq.wire.FrameWriter;
import dev.warren.broker.rabbitmq.wire.Method;
import org.jspecify.annotations.Nullable;

/**
 * The publisher confirms of a channel: in order, and as many as possible in one frame.
 *
 * @see <a href="https://www.rabbitmq.com/docs/confirms#publisher-confirms">Publisher
 * Confirms</a>
 */
final class Confirms {

	private final FrameWriter writer;

	private final int channelId;

	private final Runnable wake;

	private final Deque<Pending> pending = new ArrayDeque<>();

	private final TreeSet<Long> refused = new TreeSet<>();

	private long lastPublished;

	private long lastConfirmed;

	private @Nullable CompletableFuture<?> awaited;

	/**
	 * @param wake has {@link #write()} called on the I/O thread
	 */
	Confirms(FrameWriter writer, int channelId, Runnable wake) {
		this.writer = writer;
		this.channelId = channelId;
		this.wake = wake;
	}

	/**
	 * A message was published, and is safe when the future is done.
	 */
	void published(CompletableFuture<?> safe, boolean accepted) {
		long number = ++this.lastPublished;
		if (!accepted) {
			this.refused.add(number);
		}
		if (!safe.isDone() || safe.isCompletedExceptionally()) {
			this.pending.add(new Pending(number, safe));
		}
	}

	/**
	 * Writes what can be confirmed, and sees to it that the rest is written when it can
	 * be.
	 */
	void write() {
		Pending first = this.pending.peek();
		while (first != null && first.safe().isDone()) {
			if (first.safe().isCompletedExceptionally()) {
				this.refused.add(first.number());
			}
			this.pending.poll();
			first = this.pending.peek();
		}
		confirmUpTo((first == null) ? this.lastPublished : first.number() - 1);
		if (first != null) {
			await();
		}
	}

	private void confirmUpTo(long last) {
		while (this.lastConfirmed < last) {
			Long firstRefused = this.refused.isEmpty() ? null : this.refused.first();
			if (firstRefused != null && firstRefused == this.lastConfirmed + 1) {
				this.refused.pollFirst();
				write(Method.BASIC_NACK, firstRefused, 0);
				this.lastConfirmed = firstRefused;
			}
			else {
				long upTo = (firstRefused != null) ? Math.min(last, firstRefused - 1) : last;
				write(Method.BASIC_ACK, upTo, (upTo - this.lastConfirmed > 1) ? 1 : 0);
				this.lastConfirmed = upTo;
			}
		}
	}

	private void write(int method, long number, int bits) {
		this.writer.method(this.channelId, method).longLong(number).octet(bits).end();
	}

	/**
	 * Stores finish in order, so the last one tells of them all.
	 */
	private void await() {
		CompletableFuture<?> last = this.pending.getLast().safe();
		if (last == this.awaited) {
			return;
		}
		this.awaited = last;
		last.whenComplete((result, failure) -> this.wake.run());
		hasten(last);
	}

	/**
	 * A store that collects commits writes them only when somebody waits for one.
	 */
	private static void hasten(CompletableFuture<?> future) {
		try {
			future.get(0, TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException | ExecutionException ex) {
			// Seen by write().
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private record Pending(long number, CompletableFuture<?> safe) {

	}

}
