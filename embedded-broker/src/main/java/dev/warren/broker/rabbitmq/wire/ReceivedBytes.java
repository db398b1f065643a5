package dev.warren.broker.rabbitmq.wire;

/**
 * What has come from a client and is not read yet. The transport has it in buffers of its
 * own.
 */
public interface ReceivedBytes {

	/**
	 * How many octets there are.
	 */
	int remaining();

	/**
	 * The octet at an index, counted from the next to be read, which it does not read.
	 */
	int octet(int index);

	int shortInt(int index);

	int longInt(int index);

	void read(byte[] target, int offset, int length);

	/**
	 * Where reading stands: more by one for each octet read.
	 */
	int position();

	void position(int position);

}
