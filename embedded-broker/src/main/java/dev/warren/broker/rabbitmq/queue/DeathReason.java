package dev.warren.broker.rabbitmq.queue;

import dev.warren.broker.rabbitmq.death.DeathHistory;
import dev.warren.broker.rabbitmq.event.Happening;

/**
 * Why a message is dead-lettered, under the name {@code x-death} gives it.
 */
public enum DeathReason {

	REJECTED(DeathHistory.REJECTED, Happening.REJECTED),

	EXPIRED("expired", Happening.EXPIRED),

	MAX_LENGTH("maxlen", Happening.DROPPED),

	DELIVERY_LIMIT("delivery_limit", Happening.DELIVERY_LIMIT);

	private final String headerValue;

	private final Happening happening;

	DeathReason(String headerValue, Happening happening) {
		this.headerValue = headerValue;
		this.happening = happening;
	}

	String headerValue() {
		return this.headerValue;
	}

	Happening happening() {
		return this.happening;
	}

}
