package dev.warren.broker.rabbitmq.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Writes frames, collected into buffers as large as the transport likes them. Used by the
 * connection's I/O thread only.
 */
public final class FrameWriter {

	private static final int FLUSH_AT = 48 * 1024;

	/** Bodies up to this size are copied together with their frames. */
	private static final int LARGE_BODY = 16 * 1024;

	private final FrameSink sink;

	private byte[] buffer = new byte[64 * 1024];

	private int position;

	private int frameStart;

	private long written;

	private int maxPayload = Wire.FRAME_MIN_SIZE - Wire.FRAME_OVERHEAD;

	public FrameWriter(FrameSink sink) {
		this.sink = sink;
	}

	public void maxFrameSize(int size) {
		this.maxPayload = size - Wire.FRAME_OVERHEAD;
	}

	/**
	 * Starts a method frame; its fields follow, and {@link #end()}.
	 * @param method one of {@link Method}
	 */
	public FrameWriter method(int channel, int method) {
		startFrame(Wire.FRAME_METHOD, channel);
		return longInt(method);
	}

	public FrameWriter octet(int value) {
		ensure(1);
		this.buffer[this.position++] = (byte) value;
		return this;
	}

	public FrameWriter bit(boolean value) {
		return octet(value ? 1 : 0);
	}

	public FrameWriter shortInt(int value) {
		ensure(2);
		this.buffer[this.position++] = (byte) (value >>> 8);
		this.buffer[this.position++] = (byte) value;
		return this;
	}

	public FrameWriter longInt(int value) {
		ensure(4);
		putInt(this.position, value);
		this.position += 4;
		return this;
	}

	public FrameWriter longLong(long value) {
		return longInt((int) (value >>> 32)).longInt((int) value);
	}

	public FrameWriter shortString(String value) {
		return shortString(value.getBytes(StandardCharsets.UTF_8));
	}

	public FrameWriter shortString(byte[] value) {
		return octet(value.length).bytes(value);
	}

	public FrameWriter longString(String value) {
		byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
		return longInt(bytes.length).bytes(bytes);
	}

	public FrameWriter longString(byte[] value) {
		return longInt(value.length).bytes(value);
	}

	public FrameWriter table(Map<String, ? extends @Nullable Object> table) {
		return bytes(ArgumentTable.write(table));
	}

	private FrameWriter bytes(byte[] value) {
		ensure(value.length);
		System.arraycopy(value, 0, this.buffer, this.position, value.length);
		this.position += value.length;
		return this;
	}

	public void end() {
		putInt(this.frameStart + 3, this.position - this.frameStart - (Wire.FRAME_OVERHEAD - 1));
		octet(Wire.FRAME_END);
		if (this.position >= FLUSH_AT) {
			send();
		}
	}

	public void heartbeat() {
		startFrame(Wire.FRAME_HEARTBEAT, 0);
		end();
	}

	/**
	 * Writes basic.deliver with the message.
	 */
	public void deliver(int channel, byte[] consumerTag, long deliveryTag, boolean redelivered, Content message,
			@Nullable PropertyList properties) {
		method(channel, Method.BASIC_DELIVER).shortString(consumerTag).longLong(deliveryTag).bit(redelivered);
		shortString(message.exchangeBytes()).shortString(message.routingKeyBytes()).end();
		content(channel, message, properties);
	}

	/**
	 * Writes header and body of a message.
	 * @param properties other properties than the message's own, or null
	 */
	public void content(int channel, Content message, @Nullable PropertyList properties) {
		int size = (int) message.size();
		header(channel, size, (properties != null) ? properties : message);
		if (size > 0) {
			try (MessageBody body = message.body()) {
				body(channel, body, size);
			}
		}
	}

	private void header(int channel, long bodySize, PropertyList properties) {
		startFrame(Wire.FRAME_HEADER, channel);
		shortInt(Wire.BASIC).shortInt(0).longLong(bodySize).shortInt(properties.propertyFlags());
		int size = properties.propertiesLength();
		ensure(size);
		if (size > 0) {
			properties.writeProperties(this.buffer, this.position);
			this.position += size;
		}
		end();
	}

	private void body(int channel, MessageBody body, int size) {
		int written = 0;
		while (written < size) {
			int length = Math.min(size - written, this.maxPayload);
			startFrame(Wire.FRAME_BODY, channel);
			if (length <= LARGE_BODY) {
				ensure(length);
				body.read(this.buffer, this.position, length);
				this.position += length;
				end();
			}
			else {
				putInt(this.frameStart + 3, length);
				send();
				this.sink.send(body, length);
				this.written += length;
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
	 * How many bytes were written since the last {@link #flush()}.
	 */
	public long unflushed() {
		return this.written + this.position;
	}

	/**
	 * Hands what is collected to the transport.
	 * @return how many bytes were written since the last time
	 */
	public long flush() {
		if (this.position > 0) {
			send();
		}
		long count = this.written;
		this.written = 0;
		return count;
	}

	private void send() {
		this.sink.send(this.buffer, this.position);
		this.written += this.position;
		this.position = 0;
	}

}
