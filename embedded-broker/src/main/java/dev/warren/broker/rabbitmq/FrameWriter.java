package dev.warren.broker.rabbitmq;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

import org.apache.qpid.server.bytebuffer.QpidByteBuffer;
import org.apache.qpid.server.protocol.v0_8.AMQMessage;
import org.apache.qpid.server.protocol.v0_8.transport.BasicContentHeaderProperties;
import org.apache.qpid.server.transport.ByteBufferSender;
import org.jspecify.annotations.Nullable;

/**
 * Writes frames, collected into buffers as large as the transport likes them. Used by the
 * connection's I/O thread only.
 */
final class FrameWriter {

	private static final int FLUSH_AT = 48 * 1024;

	/** Bodies up to this size are copied together with their frames. */
	private static final int LARGE_BODY = 16 * 1024;

	private static final int BASIC_DELIVER = Wire.method(Wire.BASIC, 60);

	private final ByteBufferSender sender;

	private byte[] buffer = new byte[64 * 1024];

	private int position;

	private int frameStart;

	private long written;

	private int maxPayload = Wire.FRAME_MIN_SIZE - Wire.FRAME_OVERHEAD;

	FrameWriter(ByteBufferSender sender) {
		this.sender = sender;
	}

	void maxFrameSize(int size) {
		this.maxPayload = size - Wire.FRAME_OVERHEAD;
	}

	/**
	 * Starts a method frame; its fields follow, and {@link #end()}.
	 */
	FrameWriter method(int channel, int classId, int methodId) {
		startFrame(Wire.FRAME_METHOD, channel);
		return longInt(Wire.method(classId, methodId));
	}

	FrameWriter octet(int value) {
		ensure(1);
		this.buffer[this.position++] = (byte) value;
		return this;
	}

	FrameWriter bit(boolean value) {
		return octet(value ? 1 : 0);
	}

	FrameWriter shortInt(int value) {
		ensure(2);
		this.buffer[this.position++] = (byte) (value >>> 8);
		this.buffer[this.position++] = (byte) value;
		return this;
	}

	FrameWriter longInt(int value) {
		ensure(4);
		putInt(this.position, value);
		this.position += 4;
		return this;
	}

	FrameWriter longLong(long value) {
		return longInt((int) (value >>> 32)).longInt((int) value);
	}

	FrameWriter shortString(String value) {
		return shortString(value.getBytes(StandardCharsets.UTF_8));
	}

	FrameWriter shortString(byte[] value) {
		return octet(value.length).bytes(value);
	}

	FrameWriter longString(String value) {
		byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
		return longInt(bytes.length).bytes(bytes);
	}

	FrameWriter longString(byte[] value) {
		return longInt(value.length).bytes(value);
	}

	FrameWriter table(Map<String, ? extends @Nullable Object> table) {
		return bytes(ArgumentTable.write(table));
	}

	private FrameWriter bytes(byte[] value) {
		ensure(value.length);
		System.arraycopy(value, 0, this.buffer, this.position, value.length);
		this.position += value.length;
		return this;
	}

	void end() {
		putInt(this.frameStart + 3, this.position - this.frameStart - (Wire.FRAME_OVERHEAD - 1));
		octet(Wire.FRAME_END);
		if (this.position >= FLUSH_AT) {
			send();
		}
	}

	void heartbeat() {
		startFrame(Wire.FRAME_HEARTBEAT, 0);
		end();
	}

	/**
	 * Writes basic.deliver with the message.
	 */
	void deliver(int channel, byte[] consumerTag, long deliveryTag, boolean redelivered, AMQMessage message,
			@Nullable BasicContentHeaderProperties properties) {
		startFrame(Wire.FRAME_METHOD, channel);
		longInt(BASIC_DELIVER).shortString(consumerTag).longLong(deliveryTag).bit(redelivered);
		shortString(Wire.bytes(message.getMessagePublishInfo().getExchange()));
		shortString(Wire.bytes(message.getMessagePublishInfo().getRoutingKey()));
		end();
		content(channel, message, properties);
	}

	/**
	 * Writes header and body of a message.
	 * @param properties other properties than the message's own, or null
	 */
	void content(int channel, AMQMessage message, @Nullable BasicContentHeaderProperties properties) {
		int size = (int) message.getSize();
		header(channel, size, (properties != null) ? properties : message.getContentHeaderBody().getProperties());
		if (size > 0) {
			try (QpidByteBuffer body = message.getContent()) {
				body(channel, body, size);
			}
		}
	}

	void header(int channel, long bodySize, BasicContentHeaderProperties properties) {
		startFrame(Wire.FRAME_HEADER, channel);
		shortInt(Wire.BASIC).shortInt(0).longLong(bodySize).shortInt(properties.getPropertyFlags());
		int size = properties.getPropertyListSize();
		ensure(size);
		if (size > 0) {
			try (QpidByteBuffer target = QpidByteBuffer.wrap(this.buffer, this.position, size)) {
				properties.writePropertyListPayload(target);
			}
			this.position += size;
		}
		end();
	}

	void body(int channel, QpidByteBuffer body, int size) {
		int written = 0;
		while (written < size) {
			int length = Math.min(size - written, this.maxPayload);
			startFrame(Wire.FRAME_BODY, channel);
			if (length <= LARGE_BODY) {
				ensure(length);
				body.get(this.buffer, this.position, length);
				this.position += length;
				end();
			}
			else {
				putInt(this.frameStart + 3, length);
				send();
				try (QpidByteBuffer part = body.view(0, length)) {
					this.sender.send(part);
				}
				this.written += length;
				body.position(body.position() + length);
				octet(Wire.FRAME_END);
			}
			written += length;
		}
	}

	private void startFrame(int type, int channel) {
		this.frameStart = this.position;
		octet(type).shortInt(channel).longInt(0);
	}

	private void putInt(int index, int value) {
		this.buffer[index] = (byte) (value >>> 24);
		this.buffer[index + 1] = (byte) (value >>> 16);
		this.buffer[index + 2] = (byte) (value >>> 8);
		this.buffer[index + 3] = (byte) value;
	}

	private void ensure(int length) {
		if (this.position + length > this.buffer.length) {
			this.buffer = Arrays.copyOf(this.buffer, Math.max(this.buffer.length * 2, this.position + length));
		}
	}

	/**
	 * Hands what is collected to the transport.
	 * @return how many bytes were written since the last time
	 */
	long flush() {
		if (this.position > 0) {
			send();
		}
		long count = this.written;
		this.written = 0;
		return count;
	}

	private void send() {
		try (QpidByteBuffer out = QpidByteBuffer.allocate(this.sender.isDirectBufferPreferred(), this.position)) {
			out.put(this.buffer, 0, this.position);
			out.flip();
			this.sender.send(out);
		}
		this.written += this.position;
		this.position = 0;
		this.sender.flush();
	}

}
