package dev.warren.broker.rabbitmq.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one method after the other. What is not there is a syntax error.
 */
public final class MethodReader {

	/** What stands in a text for bytes that are not UTF-8. */
	private static final char REPLACEMENT = '\uFFFD';

	private byte[] bytes = new byte[1024];

	private int position;

	private int end;

	/**
	 * Starts a new method, with the payload of its frame.
	 */
	public void start(ReceivedBytes source, int length) {
		if (this.bytes.length < length) {
			this.bytes = new byte[length];
		}
		source.read(this.bytes, 0, length);
		this.position = 0;
		this.end = length;
	}

	private int advance(int length) {
		int start = this.position;
		if (length < 0 || length > this.end - start) {
			throw ReplyCode.FRAME_ERROR.error("cannot decode a method cut short");
		}
		this.position = start + length;
		return start;
	}

	public int octet() {
		return this.bytes[advance(1)] & 0xff;
	}

	/**
	 * Bits are packed into octets, the first into the lowest.
	 */
	public boolean bit(int bits, int index) {
		return (bits & (1 << index)) != 0;
	}

	public int shortInt() {
		int start = advance(2);
		return ((this.bytes[start] & 0xff) << 8) | (this.bytes[start + 1] & 0xff);
	}

	public int longInt() {
		return (shortInt() << 16) | shortInt();
	}

	public long longLong() {
		return ((longInt() & 0xffffffffL) << 32) | (longInt() & 0xffffffffL);
	}

	public String shortString() {
		int length = octet();
		int start = advance(length);
		String text = Wire.text(this.bytes, start, length);
		if (text.indexOf(REPLACEMENT) >= 0 && !isWritten(text, start, length)) {
			throw ReplyCode.FRAME_ERROR.error("a short string that is not UTF-8");
		}
		return text;
	}

	private boolean isWritten(String text, int start, int length) {
		byte[] written = Wire.bytes(text);
		return Arrays.equals(written, 0, written.length, this.bytes, start, start + length);
	}

	public byte[] longString() {
		int length = longInt();
		int start = advance(length);
		return Arrays.copyOfRange(this.bytes, start, start + length);
	}

	public Map<String, @Nullable Object> table() {
		ByteBuffer source = ByteBuffer.wrap(this.bytes, this.position, this.end - this.position);
		Map<String, @Nullable Object> table = ArgumentTable.read(source);
		this.position = source.position();
		return table;
	}

	public boolean hasMore() {
		return this.position < this.end;
	}

}
