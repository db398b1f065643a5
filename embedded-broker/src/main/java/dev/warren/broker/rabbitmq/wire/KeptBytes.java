package dev.warren.broker.rabbitmq.wire;

/**
 * What a client has sent and is not to be read yet, in a buffer of our own.
 */
public final class KeptBytes implements ReceivedBytes {

	private byte[] bytes = {};

	private int position;

	/**
	 * Takes over all that another has.
	 */
	public void append(ReceivedBytes source) {
		int left = remaining();
		int added = source.remaining();
		byte[] all = new byte[left + added];
		read(all, 0, left);
		source.read(all, left, added);
		this.bytes = all;
		this.position = 0;
	}

	@Override
	public int remaining() {
		return this.bytes.length - this.position;
	}

	@Override
	public int octet(int index) {
		return this.bytes[this.position + index] & 0xff;
	}

	@Override
	public int shortInt(int index) {
		return octet(index) << 8 | octet(index + 1);
	}

	@Override
	public int longInt(int index) {
		return shortInt(index) << 16 | shortInt(index + 2);
	}

	@Override
	public void read(byte[] target, int offset, int length) {
		System.arraycopy(this.bytes, this.position, target, offset, length);
		this.position += length;
	}

	@Override
	public int position() {
		return this.position;
	}

	@Override
	public void position(int position) {
		this.position = position;
	}

}
