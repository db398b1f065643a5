package dev.warren.broker.rabbitmq.fault;

import java.util.List;

import dev.warren.broker.rabbitmq.store.MessageSnapshot;

/**
 * What happened to a message that was not delivered just once and in its turn.
 *
 * @param tags the delivery tags that say so, if any
 * @param overtakers the messages that were delivered before it, if any
 */
public record Disturbance(Kind kind, String queue, MessageSnapshot message, List<Long> tags,
		List<MessageSnapshot> overtakers) {

	/** What can happen. */
	public enum Kind {

		DELIVERED_TWICE, SETTLEMENT_LOST, OVERTAKEN

	}

}
