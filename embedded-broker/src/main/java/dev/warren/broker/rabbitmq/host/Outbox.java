package dev.warren.broker.rabbitmq.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.warren.broker.rabbitmq.fault.Delay;
import dev.warren.broker.rabbitmq.fault.Disturbances;
import dev.warren.broker.rabbitmq.queue.QueuedMessage;
import dev.warren.broker.rabbitmq.store.MessageSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * The messages that queues assigned to the consumers of a channel and that were not sent
 * yet. Anybody may add some; the I/O thread takes them.
 */
public final class Outbox {

	/** How long a message waits for others to overtake it. */
	private static final long LONGEST_WAIT_MILLIS = 50;

	private final VirtualHost virtualHost;

	private final Runnable wake;

	private final Queue<QueuedMessage> messages = new ConcurrentLinkedQueue<>();

	/** As a fault of a test has it; a message in here is not among the others. */
	private final Queue<QueuedMessage> delayed = new ConcurrentLinkedQueue<>();

	private @Nullable Overtaken overtaken;

	/**
	 * @param wake has the I/O thread look here
	 */
	public Outbox(VirtualHost virtualHost, Runnable wake) {
		this.virtualHost = virtualHost;
		this.wake = wake;
	}

	public void add(QueuedMessage message) {
		Delay delay = this.virtualHost.faults().deliveryDelay();
		if (delay == null) {
			this.messages.add(message);
			this.wake.run();
			return;
		}
		this.delayed.add(message);
		delay.delay(() -> {
			if (this.delayed.remove(message)) {
				this.messages.add(message);
				this.wake.run();
			}
		}, this.virtualHost.queues().timers());
	}

	/**
	 * Takes back a message for a channel that is closed.
	 * @return whether it was still here
	 */
	public boolean remove(QueuedMessage message) {
		return this.messages.remove(message) || this.delayed.remove(message);
	}

	/**
	 * The next message to be sent, or null.
	 */
	public @Nullable QueuedMessage poll() {
		Overtaken waiting = this.overtaken;
		if (waiting != null && waiting.isOvertaken()) {
			return takeOvertaken(waiting);
		}
		QueuedMessage next = this.messages.poll();
		if (next == null) {
			return (waiting != null && waiting.over) ? takeOvertaken(waiting) : null;
		}
		if (waiting != null) {
			waiting.isOvertakenBy(next);
			return next;
		}
		Disturbances disturbances = this.virtualHost.faults().disturbances();
		int overtakers = (disturbances != null) ? disturbances.overtakers(next) : 0;
		if (disturbances == null || overtakers == 0) {
			return next;
		}
		letOvertake(new Overtaken(next, overtakers, disturbances));
		return poll();
	}

	private QueuedMessage takeOvertaken(Overtaken waiting) {
		this.overtaken = null;
		waiting.tell();
		return waiting.message;
	}

	private void letOvertake(Overtaken later) {
		this.overtaken = later;
		this.virtualHost.queues().timers().schedule(() -> {
			later.over = true;
			this.wake.run();
		}, LONGEST_WAIT_MILLIS);
	}

	/**
	 * Takes all there are.
	 */
	public List<QueuedMessage> drain() {
		List<QueuedMessage> drained = new ArrayList<>();
		if (this.overtaken != null) {
			drained.add(this.overtaken.message);
			this.overtaken = null;
		}
		drain(this.messages, drained);
		drain(this.delayed, drained);
		return drained;
	}

	private static void drain(Queue<QueuedMessage> queue, List<QueuedMessage> drained) {
		QueuedMessage message = queue.poll();
		while (message != null) {
			drained.add(message);
			message = queue.poll();
		}
	}

	/**
	 * A message that is sent after some of those that follow.
	 */
	private static final class Overtaken {

		private final QueuedMessage message;

		private final int wanted;

		private final Disturbances disturbances;

		private final List<MessageSnapshot> overtakers = new ArrayList<>();

		/** Whether it waits no longer for messages that may not come. */
		private volatile boolean over;

		Overtaken(QueuedMessage message, int wanted, Disturbances disturbances) {
			this.message = message;
			this.wanted = wanted;
			this.disturbances = disturbances;
		}

		boolean isOvertaken() {
			return this.overtakers.size() >= this.wanted;
		}

		void isOvertakenBy(QueuedMessage another) {
			if (another.queue() == this.message.queue()) {
				this.overtakers.add(another.message().snapshot(MessageSnapshot.MOST_OCTETS));
			}
		}

		void tell() {
			if (!this.overtakers.isEmpty()) {
				this.disturbances.overtaken(this.message, this.overtakers);
			}
		}

	}

}
