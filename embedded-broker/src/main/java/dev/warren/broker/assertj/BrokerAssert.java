package dev.warren.broker.assertj;

import java.util.List;

import dev.warren.broker.BrokerMessage;
import dev.warren.broker.BrokerQueue;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.Timeline;

/**
 * Assertions about a broker's virtual host. Each waits until it holds, 10 seconds at most
 * if {@link #within} does not say otherwise.
 */
public final class BrokerAssert extends WaitingAssert<BrokerAssert, EmbeddedBroker> {

	BrokerAssert(EmbeddedBroker broker) {
		super(broker, BrokerAssert.class);
	}

	@Override
	Timeline timeline() {
		return this.actual.timeline();
	}

	@Override
	String subject() {
		return "the broker";
	}

	/**
	 * No queue has messages that wait, and consumers acknowledged all they had.
	 */
	public BrokerAssert isIdle() {
		return await(() -> busyQueues().isEmpty(), "have nothing ready and nothing unacknowledged",
				() -> "there are " + busyQueues(), this::timeline);
	}

	private List<BrokerQueue> busyQueues() {
		return this.actual.queues()
			.stream()
			.filter((queue) -> queue.ready() > 0 || queue.unacknowledged() > 0)
			.toList();
	}

	/**
	 * So many clients are connected.
	 */
	public BrokerAssert hasConnections(int count) {
		return await(() -> this.actual.connections().size() == count, "have " + count + " connections",
				() -> "there are " + this.actual.connections(), this::timeline);
	}

	/**
	 * Everything that was published since the last reset came to a queue, as far back as
	 * the {@linkplain Timeline timeline} goes.
	 */
	public BrokerAssert routedEverything() {
		List<BrokerMessage> unroutable = timeline().unroutable();
		failUnless(unroutable.isEmpty(),
				() -> "Expected every message to come to a queue, but %d came to none, first %s"
					.formatted(unroutable.size(), unroutable.get(0)),
				this::timeline);
		return this;
	}

}
