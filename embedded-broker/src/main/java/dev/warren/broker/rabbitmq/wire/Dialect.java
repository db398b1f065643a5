package dev.warren.broker.rabbitmq.wire;

/**
 * What differs between versions of RabbitMQ. The engine asks here whatever depends on the
 * version, so that another version is another dialect.
 *
 * @param maxMessageSize the size, in bytes, of the largest body it takes
 * @param leastFrameMax the least {@code frame_max}, in bytes, a client may negotiate
 * @param quorumDeliveryLimit how often a message may come back to a quorum queue that
 * does not say so itself
 */
public record Dialect(long maxMessageSize, int leastFrameMax, int quorumDeliveryLimit) {

	/**
	 * RabbitMQ 3.10, but for the delivery limit, which is that of version 4: without one
	 * a message that nobody can take goes round for ever.
	 */
	public static final Dialect V3_10 = new Dialect(128 * 1024 * 1024, Wire.FRAME_MIN_SIZE, 20);

}
