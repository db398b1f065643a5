package dev.warren.broker.rabbitmq.wire;

/**
 * Where frames go: the transport.
 */
public interface FrameSink {

	/**
	 * Sends what is in the array, which may be used again afterwards.
	 */
	void send(byte[] bytes, int length);

	/**
	 * Sends the next octets of a body without copying them.
	 */
	void send(MessageBody body, int length);

}
