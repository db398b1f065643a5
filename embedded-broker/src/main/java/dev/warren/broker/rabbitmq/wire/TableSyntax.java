package dev.warren.broker.rabbitmq.wire;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * Checks the bytes of a field table without making a table of them.
 */
final class TableSyntax {

	private TableSyntax() {
	}

	/**
	 * Whether {@link ArgumentTable} could read these bytes, a length and a table.
	 */
	static boolean isWellFormed(ByteBuffer source) {
		try {
			skipTable(source, 0);
			return true;
		}
		catch (BufferUnderflowException | IllegalArgumentException ex) {
			return false;
		}
	}

	private static void skipTable(ByteBuffer source, int depth) {
		ByteBuffer table = ArgumentTable.section(source, depth);
		while (table.hasRemaining()) {
			skip(table, table.get() & 0xff);
			skipValue(table, depth);
		}
	}

	private static void skipValue(ByteBuffer source, int depth) {
		char tag = (char) source.get();
		switch (tag) {
			case 't', 'b', 'B' -> skip(source, 1);
			case 's', 'u' -> skip(source, 2);
			case 'I', 'i', 'f' -> skip(source, 4);
			case 'l', 'L', 'd', 'T' -> skip(source, 8);
			case 'D' -> skip(source, 5);
			case 'S', 'x' -> skip(source, source.getInt());
			case 'A' -> {
				ByteBuffer array = ArgumentTable.section(source, depth + 1);
				while (array.hasRemaining()) {
					skipValue(array, depth + 1);
				}
			}
			case 'F' -> skipTable(source, depth + 1);
			case 'V' -> {
				// Is nothing but its tag.
			}
			default -> throw new IllegalArgumentException("Unknown field type " + tag);
		}
	}

	private static void skip(ByteBuffer source, int length) {
		if (length < 0 || length > source.remaining()) {
			throw new IllegalArgumentException("A value that does not fit");
		}
		source.position(source.position() + length);
	}

}
