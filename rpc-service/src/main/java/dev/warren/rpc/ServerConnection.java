package dev.warren.rpc;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one {@linkplain FibonacciServer server} at work, on a connection of its own, from
 * its start until it is stopped or crashes. A connection that is lost is opened again,
 * with a back-off between half a second and five.
 * <p>
 * Two threads: the one the connection delivers on, on which the server computes, and one
 * that waits for the connection to go.
 */
final class ServerConnection {

	/**
	 * How long the broker may take to agree to the end of a connection.
	 */
	static final int CLOSE_TIMEOUT_MILLIS = 1000;

	private static final Log logger = LogFactory.getLog(ServerConnection.class);

	private static final int IDLE_SECONDS = 10;

	private static final Duration MIN_BACK_OFF = Duration.ofMillis(500);

	private static final Duration MAX_BACK_OFF = Duration.ofSeconds(5);

	private final String id;

	private final Workplace workplace;

	private final ExecutorService executor;

	private final Thread thread;

	private final LongAdder answered = new LongAdder();

	private volatile State state = State.RUNNING;

	private @Nullable FibonacciServer server;

	private @Nullable String lastError;

	ServerConnection(String id, Workplace workplace) {
		this.id = id;
		this.workplace = workplace;
		this.executor = executor(id);
		this.thread = daemon(this::run, id + "-connection");
	}

	// Never shut down, since a connection has work for it even after it is closed. Its
	// thread goes when there is none any more.
	private static ExecutorService executor(String id) {
		ThreadPoolExecutor executor = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), (task) -> daemon(task, id));
		executor.allowCoreThreadTimeOut(true);
		return executor;
	}

	private static Thread daemon(Runnable task, String name) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		return thread;
	}

	String id() {
		return this.id;
	}

	State state() {
		return this.state;
	}

	/**
	 * How many requests got a reply from it.
	 */
	long answered() {
		return this.answered.sum();
	}

	/**
	 * Starts answering, as soon as there is a broker.
	 */
	void start() {
		this.thread.start();
	}

	/**
	 * Ends the server as a crash does: its connection closes, and the request it holds is
	 * neither answered nor acknowledged.
	 * @return whether it was there to crash
	 */
	boolean crash() {
		FibonacciServer crashing;
		synchronized (this) {
			if (this.state == State.CRASHED || this.state == State.STOPPED) {
				return false;
			}
			this.state = State.CRASHED;
			crashing = this.server;
			notifyAll();
		}
		if (crashing != null) {
			crashing.crash();
		}
		return true;
	}

	/**
	 * Ends the server gracefully: it takes no more requests and goes when the one it
	 * holds has its reply.
	 */
	void stop() {
		FibonacciServer stopping;
		synchronized (this) {
			if (this.state != State.RUNNING) {
				return;
			}
			this.state = State.STOPPING;
			stopping = this.server;
			notifyAll();
		}
		if (stopping != null) {
			stop(stopping);
		}
	}

	private static void stop(FibonacciServer stopping) {
		try {
			stopping.stop();
		}
		catch (IOException | ShutdownSignalException ex) {
			// The channel has closed: it has stopped.
		}
	}

	/**
	 * Waits until the server has ended, at most until nobody can wait for what it
	 * computes.
	 */
	void awaitEnd() throws InterruptedException {
		this.thread.join(this.workplace.properties().timeout().toMillis() + CLOSE_TIMEOUT_MILLIS);
		this.thread.interrupt();
	}

	private void run() {
		Duration backOff = MIN_BACK_OFF;
		try {
			while (this.state == State.RUNNING) {
				try {
					serve();
					backOff = MIN_BACK_OFF;
				}
				catch (IOException | RuntimeException ex) {
					logOnce(ex);
				}
				pause(backOff);
				backOff = (backOff.multipliedBy(2).compareTo(MAX_BACK_OFF) < 0) ? backOff.multipliedBy(2)
						: MAX_BACK_OFF;
			}
		}
		catch (InterruptedException ex) {
			// Stopped, and out of time.
		}
		synchronized (this) {
			if (this.state != State.CRASHED) {
				this.state = State.STOPPED;
			}
		}
	}

	private void serve() throws IOException, InterruptedException {
		Connection connection = this.workplace.connector().open(this.id, this.executor);
		try {
			FibonacciServer started = FibonacciServer.start(this.id, connection, this.workplace, this.answered);
			State now;
			synchronized (this) {
				this.server = started;
				now = this.state;
			}
			if (now == State.CRASHED) {
				started.crash();
			}
			else if (now == State.STOPPING) {
				stop(started);
			}
			this.lastError = null;
			started.awaitEnd();
		}
		finally {
			synchronized (this) {
				this.server = null;
			}
			connection.abort(CLOSE_TIMEOUT_MILLIS);
		}
	}

	private synchronized void pause(Duration duration) throws InterruptedException {
		if (this.state == State.RUNNING) {
			wait(duration.toMillis());
		}
	}

	private void logOnce(Exception ex) {
		String error = String.valueOf(((ex.getCause() != null) ? ex.getCause() : ex).getMessage());
		if (this.state == State.RUNNING && !error.equals(this.lastError)) {
			this.lastError = error;
			logger.warn(this.id + " has no connection and opens another: " + error);
		}
	}

	/**
	 * Whether a server is there.
	 */
	enum State {

		/** Takes requests, or will as soon as there is a broker. */
		RUNNING,

		/** Answers its last request. */
		STOPPING,

		/** Has ended gracefully. */
		STOPPED,

		/** Has died in the middle of its work. */
		CRASHED

	}

}
