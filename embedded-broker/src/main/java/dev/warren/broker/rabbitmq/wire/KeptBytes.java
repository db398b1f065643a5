package dev.warren.broker.rabbitmq.wire;

import java.util.Arrays;

/**
 * What a client has sent and is not to be read yet, in a buffer of our own.
 */
public final class KeptBytes implements ReceivedBytes {

	private byte[] bytes = {};

	private int position;

	private int end;

	/**
	 * Takes over all that another has.
	 */
	public void append(ReceivedBytes source) {
		int length = source.remaining();
		this.bytes = Arrays.copyOf(Arrays.copyOfRange(this.bytes, this.position, this.end), remaining() + length);
		this.end = this.bytes.length;
		this.position = 0;
		source.read(this.bytes, this.end - length, length);
	}

	@Override
	public int remaining() {
		return this.end - this.position;
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
