package dev.warren.broker.assertj;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import dev.warren.broker.BrokerMessage;
import dev.warren.broker.BrokerQueue;
import dev.warren.broker.EmbeddedBroker;
import dev.warren.broker.Timeline;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about a broker's virtual host. Each waits until it holds, 10 seconds at most
 * if {@link #within} does not say otherwise.
 */
public final class BrokerAssert extends AbstractAssert<BrokerAssert, EmbeddedBroker> {

	private Duration atMost = Failures.PATIENCE;

	BrokerAssert(EmbeddedBroker broker) {
		super(broker, BrokerAssert.class);
	}

	/**
	 * How long the assertions after this one wait at most.
	 */
	public BrokerAssert within(Duration duration) {
		this.atMost = duration;
		return this;
	}

	/**
	 * No queue has messages that wait, and consumers acknowledged all they had.
	 */
	public BrokerAssert isIdle() {
		return await(() -> busyQueues().isEmpty(), "have nothing ready and nothing unacknowledged",
				() -> "but there are " + busyQueues());
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
				() -> "but there are " + this.actual.connections());
	}

	/**
	 * Everything that was published since the last reset came to a queue, as far back as
	 * the {@linkplain Timeline timeline} goes.
	 */
	public BrokerAssert routedEverything() {
		List<BrokerMessage> unroutable = this.actual.timeline().unroutable();
		Failures.unless(unroutable.isEmpty(), this.info,
				() -> "Expected every message to come to a queue, but %d came to none, first %s.%nWhat happened:%n%s"
					.formatted(unroutable.size(), unroutable.get(0), this.actual.timeline()));
		return this;
	}

	private BrokerAssert await(BooleanSupplier condition, String what, Supplier<String> instead) {
		isNotNull();
		Failures.unless(this.actual.timeline().holdsWithin(this.atMost, condition), this.info,
				() -> "Expected the broker to %s within %s, %s.%nWhat happened:%n%s".formatted(what,
						Failures.text(this.atMost), instead.get(), this.actual.timeline()));
		return this;
	}

}
