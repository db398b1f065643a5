package dev.warren.broker.rabbitmq.transport;

import dev.warren.broker.rabbitmq.wire.ReceivedBytes;
import org.apache.qpid.server.bytebuffer.QpidByteBuffer;

/**
 * What Qpid's transport has received.
 */
final class QpidReceivedBytes implements ReceivedBytes {

	private QpidByteBuffer source = QpidByteBuffer.emptyQpidByteBuffer();

	/**
	 * The bytes of a buffer, until the next.
	 */
	QpidReceivedBytes from(QpidByteBuffer buffer) {
		this.source = buffer;
		return this;
	}

	@Override
	public int remaining() {
		return this.source.remaining();
	}

	@Override
	public int octet(int index) {
		return this.source.get(this.source.position() + index) & 0xff;
	}

	@Override
	public int shortInt(int index) {
		return this.source.getUnsignedShort(this.source.position() + index);
	}

	@Override
	public int longInt(int index) {
		return this.source.getInt(this.source.position() + index);
	}

	@Override
	public void read(byte[] target, int offset, int length) {
		this.source.get(target, offset, length);
	}

	@Override
	public int position() {
		return this.source.position();
	}

	@Override
	public void position(int position) {
		this.source.position(position);
	}

}
