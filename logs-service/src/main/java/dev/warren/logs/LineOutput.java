package dev.warren.logs;

import java.io.Closeable;
import java.io.IOException;

/**
 * Where lines are written. Used by one thread at a time.
 */
interface LineOutput extends Closeable {

	/**
	 * Writes a line, which may take any time.
	 */
	void write(LogLine line) throws IOException;

	/**
	 * Writes that lines are missing here.
	 */
	void lost(long count) throws IOException;

	@Override
	default void close() throws IOException {
	}

}
