package dev.warren.broker.management.events;

import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import dev.warren.broker.rabbitmq.event.Events;
import jakarta.servlet.AsyncContext;

import org.springframework.context.SmartLifecycle;

/**
 * Those who read events over HTTP, of all virtual hosts.
 */
public final class EventStreams implements SmartLifecycle {

	/** How many readers there may be. */
	public static final int MOST_READERS = 20;

	private final Semaphore places = new Semaphore(MOST_READERS);

	private volatile boolean running;

	/**
	 * Answers a request with the events from now on, until its client leaves or may read
	 * no more.
	 * @param request begins the answer, which is asynchronous
	 * @return whether there is room for one more reader
	 */
	public boolean open(Events events, Supplier<AsyncContext> request, BooleanSupplier isAllowed) {
		if (!this.running || !this.places.tryAcquire()) {
			return false;
		}
		try {
			AsyncContext context = request.get();
			context.setTimeout(0);
			Thread thread = new Thread(new EventStream(events, context, () -> this.running && isAllowed.getAsBoolean(),
					this.places::release), "event-reader");
			thread.setDaemon(true);
			thread.start();
			return true;
		}
		catch (RuntimeException ex) {
			this.places.release();
			throw ex;
		}
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/**
	 * Before the web server waits for its requests to finish, since these never do by
	 * themselves.
	 */
	@Override
	public int getPhase() {
		return DEFAULT_PHASE - 512;
	}

}
