package dev.warren.logs;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Writes lines to an output that may be slow, in a thread of its own, so that whoever has
 * a line never waits. So much may wait to be written and no more; what is too much is
 * lost, and the output is told how many, at the latest when nothing waits any more.
 */
final class LineWriter implements Consumer<LogLine>, AutoCloseable {

	private static final Log logger = LogFactory.getLog(LineWriter.class);

	private static final int MAX_LINES = 10_000;

	private static final long MAX_SIZE = 16 * 1024 * 1024;

	private static final long CLOSE_TIMEOUT_MILLIS = TimeUnit.SECONDS.toMillis(5);

	private final LineOutput output;

	private final Thread thread;

	private final Queue<Waiting> lines = new ArrayDeque<>();

	private long size;

	private long lost;

	private boolean closed;

	private @Nullable String lastError;

	LineWriter(String name, LineOutput output) {
		this.output = output;
		this.thread = new Thread(this::write, "writer-" + name);
		this.thread.setDaemon(true);
		this.thread.start();
	}

	@Override
	public synchronized void accept(LogLine line) {
		int lineSize = line.memorySize();
		if (this.closed || this.lines.size() >= MAX_LINES || this.size + lineSize > MAX_SIZE) {
			this.lost++;
			notifyAll();
			return;
		}
		this.lines.add(new Waiting(takeLost(), line, lineSize));
		this.size += lineSize;
		notifyAll();
	}

	// The writer's thread.
	private void write() {
		try (this.output) {
			long missing = 0;
			for (Waiting next = next(); next != null; next = next()) {
				missing = write(next.line(), missing + next.lostBefore());
			}
			write(null, missing);
		}
		catch (IOException ex) {
			logger.warn("Not closed: " + ex);
		}
	}

	/**
	 * Says how many are missing, if any, and writes the line, if any.
	 * @return how many are missing now
	 */
	private long write(@Nullable LogLine line, long missing) {
		long untold = missing;
		try {
			if (untold > 0) {
				this.output.lost(untold);
				untold = 0;
			}
			if (line != null) {
				this.output.write(line);
			}
			this.lastError = null;
			return 0;
		}
		catch (IOException ex) {
			if (!ex.toString().equals(this.lastError)) {
				this.lastError = ex.toString();
				logger.warn("Lines are lost: " + ex);
			}
			return (line != null) ? untold + 1 : untold;
		}
	}

	private synchronized @Nullable Waiting next() {
		try {
			while (this.lines.isEmpty() && this.lost == 0 && !this.closed) {
				wait();
			}
		}
		catch (InterruptedException ex) {
			return null;
		}
		Waiting next = this.lines.poll();
		if (next != null) {
			this.size -= next.size();
			return next;
		}
		return (this.lost > 0) ? new Waiting(takeLost(), null, 0) : null;
	}

	private long takeLost() {
		long taken = this.lost;
		this.lost = 0;
		return taken;
	}

	/**
	 * Writes what waits, for five seconds at most, and closes the output.
	 */
	@Override
	public void close() {
		synchronized (this) {
			this.closed = true;
			notifyAll();
		}
		try {
			this.thread.join(CLOSE_TIMEOUT_MILLIS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.thread.interrupt();
	}

	private record Waiting(long lostBefore, @Nullable LogLine line, int size) {

	}

}
