package dev.warren.broker.rabbitmq.store;

import org.apache.qpid.server.protocol.v0_8.AMQShortString;

/**
 * Exchange and routing key of a message, encoded for the store. Most channels publish
 * with one of each, which need not be encoded over and over.
 */
public final class Address {

	public static final Address EMPTY = new Address("", AMQShortString.EMPTY_STRING, "", AMQShortString.EMPTY_STRING);

	private final String exchange;

	private final AMQShortString exchangeBytes;

	private final String key;

	private final AMQShortString keyBytes;

	private Address(String exchange, AMQShortString exchangeBytes, String key, AMQShortString keyBytes) {
		this.exchange = exchange;
		this.exchangeBytes = exchangeBytes;
		this.key = key;
		this.keyBytes = keyBytes;
	}

	/**
	 * The address with these parts; what is the same in this one is not encoded again.
	 */
	public Address to(String newExchange, String newKey) {
		boolean sameExchange = newExchange.equals(this.exchange);
		boolean sameKey = newKey.equals(this.key);
		if (sameExchange && sameKey) {
			return this;
		}
		return new Address(newExchange,
				sameExchange ? this.exchangeBytes : AMQShortString.createAMQShortString(newExchange), newKey,
				sameKey ? this.keyBytes : AMQShortString.createAMQShortString(newKey));
	}

	AMQShortString exchangeBytes() {
		return this.exchangeBytes;
	}

	AMQShortString keyBytes() {
		return this.keyBytes;
	}

}
