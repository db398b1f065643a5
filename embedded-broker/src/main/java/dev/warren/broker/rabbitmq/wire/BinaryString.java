package dev.warren.broker.rabbitmq.wire;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * A long string that is no text, whose bytes are kept.
 */
final class BinaryString {

	private final byte[] bytes;

	BinaryString(byte[] bytes) {
		this.bytes = bytes;
	}

	byte[] bytes() {
		return this.bytes;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof BinaryString string && Arrays.equals(this.bytes, string.bytes);
	}

	@Override
	public int hashCode() {
		return Arrays.hashCode(this.bytes);
	}

	@Override
	public String toString() {
		return Wire.text(this.bytes, 0, this.bytes.length);
	}

}
