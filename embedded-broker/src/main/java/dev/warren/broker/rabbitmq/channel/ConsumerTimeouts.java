package dev.warren.broker.rabbitmq.channel;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.warren.broker.rabbitmq.host.ClientUsage;
import dev.warren.broker.rabbitmq.host.VirtualHost;
import dev.warren.broker.rabbitmq.queue.Consumer;
import dev.warren.broker.rabbitmq.queue.MessageQueue;
import dev.warren.broker.rabbitmq.queue.QueuedMessage;
import dev.warren.broker.rabbitmq.time.EarliestTimer;
import dev.warren.broker.rabbitmq.time.Timers;
import dev.warren.broker.rabbitmq.wire.Dialect;
import dev.warren.broker.rabbitmq.wire.Expiration;
import org.jspecify.annotations.Nullable;

/**
 * Looks after deliveries that a channel does not acknowledge in time. RabbitMQ looks once
 * a minute; here each channel has one timer, for when the first delivery is due.
 *
 * @see <a href="https://www.rabbitmq.com/docs/consumers#acknowledgement-timeout">Delivery
 * Acknowledgement Timeout</a>
 */
final class ConsumerTimeouts {

	/** Deliveries that are due shortly after one another are dealt with together. */
	private static final long LEAST_PAUSE_MILLIS = 100;

	private final Channel channel;

	private final VirtualHost virtualHost;

	private final Dialect dialect;

	private final Consuming consuming;

	private final ClientUsage usage;

	private final EarliestTimer timer;

	ConsumerTimeouts(Channel channel, VirtualHost virtualHost, Consuming consuming, ClientUsage usage) {
		this.channel = channel;
		this.virtualHost = virtualHost;
		this.dialect = virtualHost.queues().dialect();
		this.consuming = consuming;
		this.usage = usage;
		Timers timers = virtualHost.queues().timers();
		this.timer = new EarliestTimer(timers, () -> channel.client().execute(timers.handingOver(this::look)));
	}

	/**
	 * The milliseconds in which what comes from that queue is to be acknowledged,
	 * {@link Long#MAX_VALUE} for any time.
	 * @param ofConsumer the consumer's own, or null
	 */
	long of(MessageQueue queue, @Nullable Long ofConsumer) {
		return (ofConsumer != null) ? ofConsumer
				: queue.arguments().consumerTimeout(this.virtualHost.consumerTimeout(), this.dialect);
	}

	/**
	 * Notes that a message is about to be delivered and is to be settled in that time.
	 */
	void await(long tag, QueuedMessage message, long timeout, long now) {
		// A longer timeout is none.
		long due = (timeout <= Expiration.LONGEST) ? now + timeout : Long.MAX_VALUE;
		this.consuming.unacked().add(tag, message, due);
		this.timer.schedule(due, now);
	}

	private void look() {
		if (!this.channel.isOpen()) {
			return;
		}
		this.timer.fired();
		long now = this.virtualHost.queues().clock().millis();
		if (this.dialect.takesBackFromLateConsumers()) {
			takeBack(this.consuming.unacked().takeDue(now));
		}
		else {
			QueuedMessage oldest = this.consuming.unacked().oldest();
			if (oldest != null && oldest.dueAt() <= now) {
				this.usage.late(oldest.queue());
				this.channel.timedOut(of(oldest.queue(), null));
			}
		}
		if (this.channel.isOpen()) {
			lookAgain(now);
		}
	}

	private void lookAgain(long now) {
		this.timer.schedule(Math.max(this.consuming.unacked().nextDue(), now + LEAST_PAUSE_MILLIS), now);
	}

	/**
	 * What a transaction had settled is not settled after all.
	 */
	void rolledBack() {
		lookAgain(this.virtualHost.queues().clock().millis());
	}

	/**
	 * Returns what was not settled in time to the queues. Their consumers get no more,
	 * and are told that they are cancelled, or the channel closes.
	 */
	private void takeBack(List<QueuedMessage> due) {
		Map<Consumer, Integer> late = new LinkedHashMap<>();
		boolean canTell = this.channel.client().can("consumer_cancel_notify");
		for (QueuedMessage message : due) {
			Consumer consumer = message.consumer();
			canTell &= consumer != null && this.consuming.consumers().has(consumer);
			if (consumer != null) {
				late.merge(consumer, 1, Integer::sum);
			}
		}
		late.forEach(Consumer::timedOut);
		this.channel.events().late(due);
		this.consuming.requeue(due, false);
		if (canTell) {
			late.keySet().forEach(this.channel::tellCancelled);
		}
		else if (!due.isEmpty()) {
			this.channel.timedOut(-1);
		}
	}

	void stop() {
		this.timer.cancel();
	}

}
