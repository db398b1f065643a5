package dev.warren.broker.rabbitmq.wire;

/**
 * The body of a message while it is written, from its first octet to its last.
 */
public interface MessageBody extends AutoCloseable {

	/**
	 * Reads the next octets.
	 */
	void read(byte[] target, int offset, int length);

	@Override
	void close();

}
