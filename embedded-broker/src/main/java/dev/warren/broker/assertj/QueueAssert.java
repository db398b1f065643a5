package dev.warren.broker.assertj;

import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import dev.warren.broker.BrokerMessage;
import dev.warren.broker.BrokerQueue;
import dev.warren.broker.Timeline;

/**
 * Assertions about a queue. Each waits until it holds, 10 seconds at most if
 * {@link #within} does not say otherwise.
 */
public final class QueueAssert extends WaitingAssert<QueueAssert, BrokerQueue> {

	QueueAssert(BrokerQueue queue) {
		super(queue, QueueAssert.class);
	}

	@Override
	Timeline timeline() {
		return this.actual.timeline();
	}

	@Override
	String subject() {
		return "queue '" + this.actual.name() + "'";
	}

	/**
	 * Such a message came to the queue since the last reset, or comes now; whether
	 * somebody takes it does not matter.
	 */
	public ReceivedAssert receives(ExpectedMessage expected) {
		return receives(1, expected);
	}

	/**
	 * At least so many such messages came to the queue since the last reset, or come now.
	 * @param count 1 or more
	 */
	public ReceivedAssert receives(int count, ExpectedMessage expected) {
		if (count < 1) {
			throw new IllegalArgumentException(
					"'count' must be 1 or more, not " + count + "; that no message comes is 'doesNotReceive'");
		}
		long start = System.nanoTime();
		await(() -> count(expected) >= count,
				(count == 1) ? "receive " + expected : "receive " + count + " times " + expected,
				() -> instead(expected), () -> story(expected::matches));
		return new ReceivedAssert(this, expected, Duration.ofNanos(System.nanoTime() - start));
	}

	/**
	 * No such message came to the queue since the last reset, as far back as the
	 * {@linkplain Timeline timeline} goes. {@code during} waits whether one comes.
	 */
	public NotReceivedAssert doesNotReceive(ExpectedMessage unexpected) {
		NotReceivedAssert none = new NotReceivedAssert(this, unexpected);
		none.during(Duration.ZERO);
		return none;
	}

	/**
	 * So many messages wait in the queue.
	 */
	public QueueAssert hasReady(int count) {
		return await(() -> this.actual.ready() == count, "have " + count + " messages ready");
	}

	/**
	 * Nothing waits in the queue.
	 */
	public QueueAssert isEmpty() {
		return await(() -> this.actual.ready() == 0, "be empty");
	}

	/**
	 * Nothing waits in the queue, and its consumers acknowledged all they had.
	 */
	public QueueAssert isIdle() {
		return await(() -> this.actual.ready() == 0 && this.actual.unacknowledged() == 0,
				"have nothing ready and nothing unacknowledged");
	}

	/**
	 * The queue has so many consumers.
	 */
	public QueueAssert hasConsumers(int count) {
		return await(() -> this.actual.consumers() == count, "have " + count + " consumers");
	}

	public QueueAssert exists() {
		return await(this.actual::exists, "exist");
	}

	public QueueAssert doesNotExist() {
		return await(() -> !this.actual.exists(), "not exist");
	}

	private QueueAssert await(BooleanSupplier condition, String what) {
		return await(condition, what, this::instead, () -> story((message) -> false));
	}

	private String instead() {
		return this.actual.exists() ? "it has %d ready, %d unacknowledged and %d consumers".formatted(
				this.actual.ready(), this.actual.unacknowledged(), this.actual.consumers()) : "it does not exist";
	}

	private String story(Predicate<BrokerMessage> ofInterest) {
		return timeline().about(this.actual.name(), ofInterest);
	}

	private int count(ExpectedMessage expected) {
		return (int) this.actual.received().stream().filter(expected::matches).count();
	}

	private String instead(ExpectedMessage expected) {
		long forgotten = timeline().forgotten();
		return whatCame(expected) + ((forgotten > 0) ? " (the first " + forgotten + " events are forgotten)" : "");
	}

	private String whatCame(ExpectedMessage expected) {
		List<BrokerMessage> received = this.actual.received();
		if (received.isEmpty()) {
			return this.actual.exists() ? "nothing came" : "there is no such queue";
		}
		int matching = count(expected);
		if (matching > 0) {
			return "it got " + matching;
		}
		BrokerMessage nearest = Collections.max(received, Comparator.comparingInt(expected::likeness));
		return "of %d it got, the nearest is %s: %s".formatted(received.size(), nearest, expected.differences(nearest));
	}

	void sinceStart(ExpectedMessage expected, Duration limit, Duration taken) {
		failUnless(taken.compareTo(limit) <= 0, () -> "Expected %s to receive %s within %s, but it took %s"
			.formatted(subject(), expected, text(limit), text(taken)), () -> story(expected::matches));
	}

	void staysWithout(ExpectedMessage unexpected, Duration time) {
		failUnless(!timeline().holdsWithin(time, () -> count(unexpected) > 0),
				() -> "Expected %s not to receive %s, but it got %d".formatted(subject(), unexpected,
						count(unexpected)),
				() -> story(unexpected::matches));
	}

	/**
	 * What can be said about a message that came.
	 */
	public static final class ReceivedAssert {

		private final QueueAssert queue;

		private final ExpectedMessage expected;

		private final Duration taken;

		private ReceivedAssert(QueueAssert queue, ExpectedMessage expected, Duration taken) {
			this.queue = queue;
			this.expected = expected;
			this.taken = taken;
		}

		/**
		 * It came in that time, counted from when the assertion began. To wait longer
		 * than 10 seconds, put {@link QueueAssert#within} first.
		 */
		public QueueAssert within(Duration limit) {
			this.queue.sinceStart(this.expected, limit, this.taken);
			return this.queue;
		}

		public QueueAssert and() {
			return this.queue;
		}

	}

	/**
	 * What can be said about a message that did not come.
	 */
	public static final class NotReceivedAssert {

		private final QueueAssert queue;

		private final ExpectedMessage unexpected;

		private NotReceivedAssert(QueueAssert queue, ExpectedMessage unexpected) {
			this.queue = queue;
			this.unexpected = unexpected;
		}

		/**
		 * Nor does it come during that time.
		 */
		public QueueAssert during(Duration time) {
			this.queue.staysWithout(this.unexpected, time);
			return this.queue;
		}

		public QueueAssert and() {
			return this.queue;
		}

	}

}
