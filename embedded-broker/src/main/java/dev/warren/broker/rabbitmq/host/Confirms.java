package dev.warren.broker.rabbitmq.host;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.warren.broker.rabbitmq.event.Happening;
import dev.warren.broker.rabbitmq.fault.Delay;
import dev.warren.broker.rabbitmq.store.Message;
import dev.warren.broker.rabbitmq.wire.FrameWriter;
import dev.warren.broker.rabbitmq.wire.Method;
import org.jspecify.annotations.Nullable;

/**
 * The publisher confirms of a channel: in order, and as many as possible in one frame.
 *
 * @see <a href="https://www.rabbitmq.com/docs/confirms#publisher-confirms">Publisher
 * Confirms</a>
 */
public final class Confirms {

	private final FrameWriter writer;

	private final int channelId;

	private final Runnable wake;

	private final VirtualHost virtualHost;

	private final ChannelEvents events;

	private final Deque<Pending> pending = new ArrayDeque<>();

	/** Those of which somebody hears. */
	private final Deque<Heard> heard = new ArrayDeque<>();

	/** Those that are not just acknowledged. */
	private final NavigableMap<Long, Verdict> exceptions = new TreeMap<>();

	/**
	 * Whether a confirm was lost: an acknowledgement of several would make up for it.
	 */
	private boolean oneByOne;

	private volatile long lastPublished;

	private volatile long lastConfirmed;

	private @Nullable CompletableFuture<?> awaited;

	/**
	 * @param wake has {@link #write()} called on the I/O thread
	 */
	public Confirms(VirtualHost virtualHost, FrameWriter writer, int channelId, ChannelEvents events, Runnable wake) {
		this.virtualHost = virtualHost;
		this.writer = writer;
		this.channelId = channelId;
		this.events = events;
		this.wake = wake;
	}

	/**
	 * A message was published, and is safe when the future is done.
	 */
	public void published(Message message, CompletableFuture<?> safe, boolean accepted) {
		long number = ++this.lastPublished;
		if (this.events.areHeard()) {
			this.heard.add(new Heard(number, message.number()));
		}
		if (this.virtualHost.faults().losesConfirm()) {
			this.exceptions.put(number, Verdict.LOST);
		}
		else if (!accepted) {
			this.exceptions.put(number, Verdict.REFUSED);
		}
		Delay delay = this.virtualHost.faults().confirmDelay();
		if (delay != null) {
			this.pending.add(new Pending(number, delayed(safe, delay)));
		}
		else if (!safe.isDone() || safe.isCompletedExceptionally()) {
			this.pending.add(new Pending(number, safe));
		}
	}

	private CompletableFuture<?> delayed(CompletableFuture<?> safe, Delay delay) {
		CompletableFuture<?> later = new CompletableFuture<>();
		delay.delay(() -> later.complete(null), this.virtualHost.queues().timers());
		CompletableFuture<?> both = CompletableFuture.allOf(safe, later);
		// It may be done after those that follow.
		both.whenComplete((result, failure) -> this.wake.run());
		hasten(safe);
		return both;
	}

	/**
	 * How many messages are not confirmed.
	 */
	public long waiting() {
		return this.lastPublished - this.lastConfirmed;
	}

	/**
	 * Writes what can be confirmed, and sees to it that the rest is written when it can
	 * be.
	 */
	public void write() {
		Pending first = this.pending.peek();
		while (first != null && first.safe().isDone()) {
			if (first.safe().isCompletedExceptionally()) {
				this.exceptions.putIfAbsent(first.number(), Verdict.REFUSED);
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
			Verdict exception = this.exceptions.remove(this.lastConfirmed + 1);
			if (exception == null) {
				acknowledgeUpTo(this.exceptions.isEmpty() ? last : Math.min(last, this.exceptions.firstKey() - 1));
			}
			else {
				this.lastConfirmed++;
				if (exception == Verdict.REFUSED) {
					write(Method.BASIC_NACK, this.lastConfirmed, 0);
					tell(Happening.NACKED);
				}
				else {
					this.oneByOne = true;
					tell(null);
				}
			}
		}
	}

	private void acknowledgeUpTo(long last) {
		long upTo = this.oneByOne ? this.lastConfirmed + 1 : last;
		write(Method.BASIC_ACK, upTo, (upTo - this.lastConfirmed > 1) ? 1 : 0);
		this.events.confirmed(upTo - this.lastConfirmed);
		this.lastConfirmed = upTo;
		tell(Happening.CONFIRMED);
	}

	/**
	 * @param happening to those up to the last one, or null if the client hears nothing
	 */
	private void tell(@Nullable Happening happening) {
		Heard next = this.heard.peek();
		while (next != null && next.number() <= this.lastConfirmed) {
			this.heard.remove();
			if (happening != null) {
				this.events.confirmed(happening, next.number(), next.message());
			}
			next = this.heard.peek();
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

	private enum Verdict {

		REFUSED, LOST

	}

	/**
	 * @param number of the confirm
	 * @param message the number of the message
	 */
	private record Heard(long number, long message) {

	}

	private record Pending(long number, CompletableFuture<?> safe) {

	}

}
