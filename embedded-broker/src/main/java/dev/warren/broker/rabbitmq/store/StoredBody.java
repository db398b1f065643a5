package dev.warren.broker.rabbitmq.store;

import dev.warren.broker.rabbitmq.wire.MessageBody;
import org.apache.qpid.server.bytebuffer.QpidByteBuffer;

/**
 * The body of a message from the store.
 */
public final class StoredBody implements MessageBody {

	private final QpidByteBuffer content;

	StoredBody(QpidByteBuffer content) {
		this.content = content;
	}

	@Override
	public void read(byte[] target, int offset, int length) {
		this.content.get(target, offset, length);
	}

	/**
	 * The next octets, without a copy, for the transport to send and close.
	 */
	public QpidByteBuffer next(int length) {
		QpidByteBuffer part = this.content.view(0, length);
		this.content.position(this.content.position() + length);
		return part;
	}

	/**
	 * All of it, which stays as it is.
	 */
	QpidByteBuffer content() {
		return this.content;
	}

	@Override
	public void close() {
		this.content.close();
	}

}
