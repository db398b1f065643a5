package dev.warren.broker.rabbitmq.host;

import java.util.List;

import dev.warren.broker.rabbitmq.fault.Delivery;
import dev.warren.broker.rabbitmq.fault.Disturbances;
import dev.warren.broker.rabbitmq.queue.Consumer;
import dev.warren.broker.rabbitmq.queue.QueuedMessage;
import dev.warren.broker.rabbitmq.queue.Taken;
import dev.warren.broker.rabbitmq.queue.UnackedMessages;
import dev.warren.broker.rabbitmq.wire.FrameWriter;
import dev.warren.broker.rabbitmq.wire.Method;
import dev.warren.broker.rabbitmq.wire.PropertyList;
import org.jspecify.annotations.Nullable;

/**
 * Writes the messages that are delivered on a channel, each under the next delivery tag.
 */
public final class Deliveries {

	private static final String FAULT = "as a fault of the test";

	private final VirtualHost virtualHost;

	private final FrameWriter writer;

	private final int channelId;

	private final UnackedMessages unacked;

	private final ChannelEvents events;

	public Deliveries(VirtualHost virtualHost, FrameWriter writer, int channelId, UnackedMessages unacked,
			ChannelEvents events) {
		this.virtualHost = virtualHost;
		this.writer = writer;
		this.channelId = channelId;
		this.unacked = unacked;
		this.events = events;
	}

	/**
	 * Sends a consumer a message.
	 * @return the tag by which it is to be settled
	 */
	public long deliver(QueuedMessage message, Consumer consumer) {
		Delivery delivery = this.virtualHost.faults().delivery(message);
		if (delivery == Delivery.ONCE) {
			return write(message, consumer);
		}
		if (delivery == Delivery.UNTIL_SETTLED && !consumer.isNoAck()) {
			message.loseSettlement();
			return write(message, consumer);
		}
		long first = write(message, consumer);
		lose(message, first);
		message.returned(false);
		long second = write(message, consumer);
		Disturbances disturbances = this.virtualHost.faults().disturbances();
		if (disturbances != null) {
			disturbances.deliveredTwice(message, first, second);
		}
		return second;
	}

	private long write(QueuedMessage message, Consumer consumer) {
		long tag = this.unacked.nextTag();
		this.writer.deliver(this.channelId, consumer.tagBytes(), tag, message.isRedelivered(), message.message(),
				properties(message));
		this.events.delivered(message, tag, consumer.isNoAck());
		return tag;
	}

	/**
	 * Answers basic.get with a message.
	 * @return the tag by which it is to be settled; 0 if it went back to its queue
	 */
	public long answer(Taken taken, boolean noAck) {
		QueuedMessage message = taken.message();
		long tag = this.unacked.nextTag();
		this.writer.method(this.channelId, Method.BASIC_GET_OK)
			.longLong(tag)
			.bit(message.isRedelivered())
			.shortString(message.message().exchangeBytes())
			.shortString(message.message().routingKeyBytes())
			.longInt(taken.left())
			.end();
		this.writer.content(this.channelId, message.message(), properties(message));
		this.events.got(message, tag, noAck);
		if (this.virtualHost.faults().isTakenTwice(message.queue().name())) {
			lose(message, tag);
			message.queue().requeue(List.of(message), List.of(), false);
			return 0;
		}
		return tag;
	}

	/**
	 * Those messages that go back to their queues though the client has settled them.
	 */
	public List<QueuedMessage> lost(List<QueuedMessage> settled) {
		Disturbances disturbances = this.virtualHost.faults().disturbances();
		if (disturbances == null) {
			return List.of();
		}
		List<QueuedMessage> lost = settled.stream().filter(QueuedMessage::isSettlementLost).toList();
		lost.forEach(disturbances::lostSettlement);
		this.events.cameBack(lost, FAULT);
		return lost;
	}

	private void lose(QueuedMessage message, long tag) {
		this.unacked.loseSettlement(tag);
		this.events.cameBack(List.of(message), FAULT);
	}

	private @Nullable PropertyList properties(QueuedMessage message) {
		return ReturnCounts.properties(message, this.virtualHost.queues().dialect());
	}

}
