package dev.warren.broker.rabbitmq.store;

import dev.warren.broker.rabbitmq.wire.MessageProperties;

/**
 * A copy of a message, for those who look at it when the store may have forgotten it.
 */
public final class MessageSnapshot {

	/** As much of a body as anybody needs. */
	public static final int MOST_OCTETS = 1024 * 1024;

	private final long number;

	private final String exchange;

	private final String routingKey;

	private final int propertyFlags;

	private final byte[] properties;

	private final byte[] body;

	private final long bodySize;

	MessageSnapshot(Message message, int mostOfBody) {
		this.number = message.number();
		this.exchange = message.exchange();
		this.routingKey = message.routingKey();
		this.propertyFlags = message.propertyFlags();
		this.properties = new byte[message.propertiesLength()];
		message.writeProperties(this.properties, 0);
		this.bodySize = message.size();
		this.body = new byte[(int) Math.min(this.bodySize, mostOfBody)];
		try (StoredBody stored = message.body()) {
			stored.read(this.body, 0, this.body.length);
		}
	}

	/**
	 * Which message of the virtual host it is. What the broker makes of a message, such
	 * as a dead letter, has the same number.
	 */
	public long number() {
		return this.number;
	}

	/**
	 * The exchange it was published to.
	 */
	public String exchange() {
		return this.exchange;
	}

	public String routingKey() {
		return this.routingKey;
	}

	public MessageProperties properties() {
		return MessageProperties.read(this.propertyFlags, this.properties, 0, this.properties.length);
	}

	/**
	 * The body, of which there is at most 1 MiB. Not to be changed.
	 */
	public byte[] body() {
		return this.body;
	}

	/**
	 * The size of the whole body, in octets.
	 */
	public long bodySize() {
		return this.bodySize;
	}

	/**
	 * How many octets the copy takes, roughly.
	 */
	public int weight() {
		return this.properties.length + this.body.length;
	}

}
