package dev.warren.broker.rabbitmq.queue;

/**
 * Why a message is dead-lettered, under the name {@code x-death} gives it.
 */
public enum DeathReason {

	REJECTED("rejected"),

	EXPIRED("expired"),

	MAX_LENGTH("maxlen"),

	DELIVERY_LIMIT("delivery_limit");

	private final String headerValue;

	DeathReason(String headerValue) {
		this.headerValue = headerValue;
	}

	String headerValue() {
		return this.headerValue;
	}

}
