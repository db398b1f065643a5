package dev.warren.broker.rabbitmq.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.warren.broker.rabbitmq.fault.Delay;
import dev.warren.broker.rabbitmq.queue.QueuedMessage;
import org.jspecify.annotations.Nullable;

/**
 * The messages that queues assigned to the consumers of a channel and that were not sent
 * yet. Anybody may add some; the I/O thread takes them.
 */
public final class Outbox {

	private final VirtualHost virtualHost;

	private final Runnable wake;

	private final Queue<QueuedMessage> messages = new ConcurrentLinkedQueue<>();

	/** As a fault of a test has it; a message in here is not among the others. */
	private final Queue<QueuedMessage> delayed = new ConcurrentLinkedQueue<>();

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
		return this.messages.poll();
	}

	/**
	 * Takes all there are.
	 */
	public List<QueuedMessage> drain() {
		List<QueuedMessage> drained = new ArrayList<>();
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

}
