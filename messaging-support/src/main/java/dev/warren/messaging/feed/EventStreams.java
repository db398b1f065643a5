package dev.warren.messaging.feed;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * Writes feeds to HTTP responses as server-sent events
 * (<a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">WHATWG HTML,
 * section 9.2</a>).
 * <p>
 * Every event has an id; a reader that comes back with {@code Last-Event-ID} gets what
 * followed, as far back as the feed reaches. An event {@code lost} with the data
 * {@code {"count": n}} tells a reader how many it missed. What a feed announces comes as
 * an event of that name, without an id. A comment is sent every 15 seconds, so that both
 * sides notice a dead connection.
 * <p>
 * Writing is asynchronous (Servlet 3.1 non-blocking I/O): two threads serve all readers,
 * and one that does not read holds none of them.
 */
public final class EventStreams implements SmartLifecycle {

	/**
	 * The phase of this {@link SmartLifecycle}: streams end before the web server waits
	 * for its requests to finish, since they never do by themselves.
	 */
	public static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 512;

	static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(15);

	private static final int WRITER_THREADS = 2;

	private final JsonMapper jsonMapper;

	private final Semaphore places;

	private final int maxReaders;

	private final String epoch = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);

	private final Set<EventStream<?>> streams = ConcurrentHashMap.newKeySet();

	private final LongAdder lost = new LongAdder();

	private final Duration heartbeatInterval;

	private volatile @Nullable ExecutorService writers;

	private @Nullable ScheduledExecutorService heart;

	/**
	 * Creates the streams of an application.
	 * @param jsonMapper writes the items of the feeds
	 * @param maxReaders how many readers there may be
	 */
	public EventStreams(JsonMapper jsonMapper, int maxReaders) {
		this(jsonMapper, maxReaders, HEARTBEAT_INTERVAL);
	}

	EventStreams(JsonMapper jsonMapper, int maxReaders, Duration heartbeatInterval) {
		this.jsonMapper = jsonMapper;
		this.maxReaders = maxReaders;
		this.places = new Semaphore(maxReaders);
		this.heartbeatInterval = heartbeatInterval;
	}

	/**
	 * How many events readers missed since they did not read as fast as the events came.
	 * @return the number, of all readers together
	 */
	public long lost() {
		return this.lost.sum();
	}

	/**
	 * Answers a request with the feed's items as they come, until its client leaves.
	 * @param feed the feed
	 * @param request the request, whose header {@code Last-Event-ID} says where to begin;
	 * without one it begins with what comes next
	 * @param response the response
	 * @throws IOException if the client has left already
	 * @throws ProblemException if there are as many readers as there may be
	 */
	public void stream(MessageFeed<?> feed, HttpServletRequest request, HttpServletResponse response)
			throws IOException {
		if (!this.places.tryAcquire()) {
			throw new ProblemException(ProblemType.BUSY,
					"There are %d readers of streams, as many as 'warren.web.max-streams' allows"
						.formatted(this.maxReaders));
		}
		boolean opened = false;
		try {
			opened = begin(feed, request, response);
		}
		finally {
			if (!opened) {
				this.places.release();
			}
		}
	}

	private boolean begin(MessageFeed<?> feed, HttpServletRequest request, HttpServletResponse response)
			throws IOException {
		response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
		response.setCharacterEncoding("UTF-8");
		response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
		ExecutorService writers = this.writers;
		if (writers == null) {
			return false;
		}
		AsyncContext context = request.startAsync();
		context.setTimeout(0);
		String lastEventId = request.getHeader("Last-Event-ID");
		// Announcements first: one made in between is told, and not skipped.
		long announced = feed.announced();
		long from = beginning(feed, lastEventId);
		if (lastEventId != null) {
			announced = feed.announcedBefore(from);
		}
		open(new EventStream<>(feed, from, announced, this.epoch, this.jsonMapper, context, writers, this.lost,
				this::forget), writers);
		return true;
	}

	private void forget(EventStream<?> stream) {
		if (this.streams.remove(stream)) {
			this.places.release();
		}
	}

	/**
	 * Ends the streams of a feed, to which nothing will be added any more.
	 * @param feed the feed
	 */
	public void end(MessageFeed<?> feed) {
		this.streams.stream().filter((stream) -> stream.reads(feed)).forEach(EventStream::close);
	}

	private void open(EventStream<?> stream, ExecutorService writers) {
		this.streams.add(stream);
		stream.open();
		if (this.writers != writers) {
			stream.close();
		}
	}

	/**
	 * How many readers there are.
	 */
	int count() {
		return this.streams.size();
	}

	private long beginning(MessageFeed<?> feed, @Nullable String lastEventId) {
		long newest = feed.newestId();
		if (lastEventId == null) {
			return newest;
		}
		if (lastEventId.startsWith(this.epoch + "-")) {
			try {
				long id = Long.parseLong(lastEventId.substring(this.epoch.length() + 1));
				return Math.max(0, Math.min(id, newest));
			}
			catch (NumberFormatException ex) {
				// Not one of ours after all.
			}
		}
		// From before a restart, or from somewhere else: all there is.
		return feed.oldestId() - 1;
	}

	@Override
	public synchronized void start() {
		if (this.writers == null) {
			ScheduledExecutorService heart = Executors
				.newSingleThreadScheduledExecutor((task) -> daemon(task, "event-heartbeat"));
			heart.scheduleAtFixedRate(() -> this.streams.forEach(EventStream::beat), this.heartbeatInterval.toMillis(),
					this.heartbeatInterval.toMillis(), TimeUnit.MILLISECONDS);
			this.heart = heart;
			this.writers = Executors.newFixedThreadPool(WRITER_THREADS, (task) -> daemon(task, "event-writer"));
		}
	}

	@Override
	public synchronized void stop() {
		ExecutorService writers = this.writers;
		ScheduledExecutorService heart = this.heart;
		if (writers != null && heart != null) {
			this.writers = null;
			heart.shutdownNow();
			this.streams.forEach(EventStream::close);
			writers.shutdown();
		}
	}

	@Override
	public boolean isRunning() {
		return this.writers != null;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	private static Thread daemon(Runnable task, String name) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		return thread;
	}

}
