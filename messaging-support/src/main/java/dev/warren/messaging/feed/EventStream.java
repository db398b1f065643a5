package dev.warren.messaging.feed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import tools.jackson.databind.json.JsonMapper;

/**
 * One reader of a feed: its place in the feed and the response it is written to.
 *
 * @param <T> the type of the feed's items
 */
final class EventStream<T> implements WriteListener, AsyncListener {

	/**
	 * How much is put into a response at once. This much of a stream, not more, is held
	 * for a reader that does not read.
	 */
	private static final int CHUNK_SIZE = 16 * 1024;

	private static final int CHUNK_EVENTS = 64;

	private final MessageFeed<T> feed;

	private final String epoch;

	private final JsonMapper jsonMapper;

	private final AsyncContext context;

	private final ServletOutputStream out;

	private final Executor writers;

	private final LongAdder lost;

	private final Consumer<EventStream<?>> onClose;

	private final Runnable wake = this::wake;

	private final AtomicBoolean scheduled = new AtomicBoolean();

	private long place;

	private long announced;

	private boolean writable;

	private boolean flushed = true;

	private volatile boolean beatDue;

	private boolean closed;

	EventStream(MessageFeed<T> feed, long place, long announced, String epoch, JsonMapper jsonMapper,
			AsyncContext context, Executor writers, LongAdder lost, Consumer<EventStream<?>> onClose)
			throws IOException {
		this.feed = feed;
		this.place = place;
		this.announced = announced;
		this.epoch = epoch;
		this.jsonMapper = jsonMapper;
		this.context = context;
		this.out = context.getResponse().getOutputStream();
		this.writers = writers;
		this.lost = lost;
		this.onClose = onClose;
	}

	synchronized void open() {
		if (this.closed) {
			return;
		}
		this.context.addListener(this);
		this.beatDue = true;
		this.feed.addListener(this.wake);
		// From here on the container calls onWritePossible() whenever it can write again.
		this.out.setWriteListener(this);
	}

	void beat() {
		this.beatDue = true;
		wake();
	}

	private void wake() {
		if (this.scheduled.compareAndSet(false, true)) {
			try {
				this.writers.execute(() -> {
					this.scheduled.set(false);
					write();
				});
			}
			catch (RejectedExecutionException ex) {
				// Stopping: the stream is being closed.
			}
		}
	}

	@Override
	public synchronized void onWritePossible() {
		this.writable = true;
		write();
	}

	private synchronized void write() {
		if (!this.writable || this.closed) {
			return;
		}
		try {
			while (this.out.isReady()) {
				byte[] chunk = nextChunk();
				if (chunk.length > 0) {
					this.out.write(chunk);
					this.flushed = false;
				}
				else if (!this.flushed) {
					this.out.flush();
					this.flushed = true;
				}
				else {
					return;
				}
			}
			this.writable = false;
		}
		catch (IOException | RuntimeException ex) {
			// The reader has left, or an item cannot be written, now or ever.
			close();
		}
	}

	private byte[] nextChunk() {
		ByteArrayOutputStream chunk = new ByteArrayOutputStream();
		if (this.beatDue) {
			this.beatDue = false;
			print(chunk, ":\n\n");
		}
		MessageFeed.Next<T> next = this.feed.after(this.place, this.announced, CHUNK_EVENTS);
		Iterator<MessageFeed.Announcement> announcements = next.announcements().iterator();
		MessageFeed.Announcement announcement = announcements.hasNext() ? announcements.next() : null;
		for (MessageFeed.Entry<T> entry : next.entries()) {
			while (announcement != null && announcement.after() < entry.id()) {
				print(chunk, announcement);
				announcement = announcements.hasNext() ? announcements.next() : null;
			}
			long lost = entry.id() - this.place - 1;
			if (lost > 0) {
				this.lost.add(lost);
				print(chunk, "event: lost\ndata: {\"count\":" + lost + "}\n\n");
			}
			print(chunk, "id: " + this.epoch + "-" + entry.id() + "\ndata: ");
			chunk.writeBytes(this.jsonMapper.writeValueAsBytes(entry.item()));
			print(chunk, "\n\n");
			this.place = entry.id();
			if (chunk.size() >= CHUNK_SIZE) {
				return chunk.toByteArray();
			}
		}
		while (announcement != null && announcement.after() <= this.place) {
			print(chunk, announcement);
			announcement = announcements.hasNext() ? announcements.next() : null;
		}
		return chunk.toByteArray();
	}

	private void print(ByteArrayOutputStream chunk, MessageFeed.Announcement announcement) {
		// Without an id: a reader that comes back is told again rather than not at all.
		print(chunk, "event: " + announcement.event() + "\ndata: ");
		chunk.writeBytes(this.jsonMapper.writeValueAsBytes(announcement.data()));
		print(chunk, "\n\n");
		this.announced = announcement.number();
	}

	private static void print(ByteArrayOutputStream chunk, String text) {
		chunk.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
	}

	boolean reads(MessageFeed<?> candidate) {
		return this.feed == candidate;
	}

	synchronized void close() {
		if (!this.closed) {
			leave();
			this.context.complete();
		}
	}

	private synchronized void leave() {
		this.closed = true;
		this.feed.removeListener(this.wake);
		this.onClose.accept(this);
	}

	@Override
	public void onError(Throwable failure) {
		close();
	}

	@Override
	public void onComplete(AsyncEvent event) {
		leave();
	}

	@Override
	public void onTimeout(AsyncEvent event) {
		close();
	}

	@Override
	public void onError(AsyncEvent event) {
		close();
	}

	@Override
	public void onStartAsync(AsyncEvent event) {
		// Never started again.
	}

}
