package dev.warren.broker.management.events;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import dev.warren.broker.rabbitmq.event.Event;
import dev.warren.broker.rabbitmq.event.Events;
import dev.warren.broker.rabbitmq.event.Listening;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader of events, on a thread of its own: what it cannot read in time is lost to it
 * and holds up nobody else.
 */
final class EventStream implements Runnable, AsyncListener {

	private static final Logger logger = LoggerFactory.getLogger(EventStream.class);

	private static final long BATCH_MILLIS = 50;

	/**
	 * A reader that has gone is noticed by the second beat that cannot be written, and
	 * makes room for another.
	 */
	private static final long BEAT_NANOS = TimeUnit.SECONDS.toNanos(2);

	private final EventBuffer buffer = new EventBuffer();

	private final Events events;

	private final AsyncContext context;

	private final BooleanSupplier isAllowed;

	private final Runnable whenEnded;

	private boolean over;

	/**
	 * @param isAllowed whether the reader may still read
	 */
	EventStream(Events events, AsyncContext context, BooleanSupplier isAllowed, Runnable whenEnded) {
		this.events = events;
		this.context = context;
		this.isAllowed = isAllowed;
		this.whenEnded = whenEnded;
	}

	@Override
	public void run() {
		this.context.addListener(this);
		try (Listening listening = this.events.listen(EventJson.OCTETS_OF_BODY, this.buffer::add)) {
			write(listening.since(), this.context.getResponse().getOutputStream());
		}
		catch (IOException ex) {
			logger.debug("A reader of events has gone", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (RuntimeException ex) {
			logger.warn("A stream of events ended", ex);
		}
		finally {
			this.whenEnded.run();
			complete();
		}
	}

	/**
	 * Completes the answer, once: afterwards the server gives the same context to others.
	 */
	private synchronized void complete() {
		if (!this.over) {
			this.over = true;
			this.context.complete();
		}
	}

	private void write(long since, OutputStream out) throws IOException, InterruptedException {
		print(out, "event: start\ndata: {\"seq\":" + since + "}\n\n");
		long lastWrite = System.nanoTime();
		while (this.isAllowed.getAsBoolean()) {
			EventBuffer.Batch batch = this.buffer.take();
			if (!batch.events().isEmpty()) {
				print(out, text(batch));
				lastWrite = System.nanoTime();
			}
			else if (System.nanoTime() - lastWrite >= BEAT_NANOS) {
				print(out, ":\n\n");
				lastWrite = System.nanoTime();
			}
			Thread.sleep(BATCH_MILLIS);
		}
	}

	private static String text(EventBuffer.Batch batch) {
		List<Event> events = batch.events();
		String lost = (batch.lost() > 0) ? "event: lost\ndata: " + batch.lost() + "\n\n" : "";
		return lost + "event: events\nid: " + events.get(events.size() - 1).number() + "\ndata: " + EventJson.of(events)
				+ "\n\n";
	}

	private synchronized void print(OutputStream out, String text) throws IOException {
		if (this.over) {
			throw new IOException("The answer is complete");
		}
		out.write(text.getBytes(StandardCharsets.UTF_8));
		out.flush();
	}

	@Override
	public void onError(AsyncEvent event) {
		// Nobody is left who could be told of it.
		complete();
	}

	@Override
	public synchronized void onComplete(AsyncEvent event) {
		this.over = true;
	}

	@Override
	public void onTimeout(AsyncEvent event) {
		// It has none.
	}

	@Override
	public void onStartAsync(AsyncEvent event) {
		// Never started again.
	}

}
