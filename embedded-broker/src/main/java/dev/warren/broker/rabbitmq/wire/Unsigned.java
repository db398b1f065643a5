package dev.warren.broker.rabbitmq.wire;

import org.jspecify.annotations.Nullable;

/**
 * An unsigned number, which Java has no type for.
 */
public final class Unsigned extends Number {

	private static final long serialVersionUID = 1L;

	private final char tag;

	private final long value;

	public Unsigned(char tag, long value) {
		this.tag = tag;
		this.value = value;
	}

	char tag() {
		return this.tag;
	}

	@Override
	public int intValue() {
		return (int) this.value;
	}

	@Override
	public long longValue() {
		return this.value;
	}

	@Override
	public float floatValue() {
		return this.value;
	}

	@Override
	public double doubleValue() {
		return this.value;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Unsigned unsigned && unsigned.tag == this.tag && unsigned.value == this.value;
	}

	@Override
	public int hashCode() {
		return Long.hashCode(this.value);
	}

	@Override
	public String toString() {
		return Long.toString(this.value);
	}

}
