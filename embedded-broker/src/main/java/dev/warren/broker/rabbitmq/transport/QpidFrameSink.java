package dev.warren.broker.rabbitmq.transport;

import dev.warren.broker.rabbitmq.store.StoredBody;
import dev.warren.broker.rabbitmq.wire.FrameSink;
import dev.warren.broker.rabbitmq.wire.MessageBody;
import org.apache.qpid.server.bytebuffer.QpidByteBuffer;
import org.apache.qpid.server.transport.ByteBufferSender;

/**
 * Sends frames by Qpid's transport.
 */
final class QpidFrameSink implements FrameSink {

	private final ByteBufferSender sender;

	QpidFrameSink(ByteBufferSender sender) {
		this.sender = sender;
	}

	@Override
	public void send(byte[] bytes, int length) {
		try (QpidByteBuffer out = QpidByteBuffer.allocate(this.sender.isDirectBufferPreferred(), length)) {
			out.put(bytes, 0, length);
			out.flip();
			this.sender.send(out);
		}
		this.sender.flush();
	}

	// Bodies come from the store, whose buffers are Qpid's as well.
	@Override
	public void send(MessageBody body, int length) {
		try (QpidByteBuffer part = ((StoredBody) body).next(length)) {
			this.sender.send(part);
		}
	}

}
