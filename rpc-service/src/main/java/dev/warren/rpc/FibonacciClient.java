package dev.warren.rpc;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToDoubleFunction;

import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.messaging.publish.ConfirmedPublisher;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.util.AlternativeJdkIdGenerator;
import org.springframework.util.IdGenerator;

/**
 * Asks the servers: the tutorial's {@code RPCClient}. It publishes a request that names
 * its reply queue and a correlation id, and the call completes when the reply with that
 * id comes.
 * <p>
 * All calls share one {@linkplain ReplyChannel channel}, reply queue and consumer.
 * {@link #ask} never waits: one thread opens the channel and publishes, so that a broker
 * that stops reading holds up that thread and not the callers, and another ends calls
 * whose time is up, and has the others look after their callers. The channel is opened
 * again whenever it is lost, with a back-off between half a second and five, or for the
 * next call.
 */
@Component
@ConditionalOnRole(RpcProperties.Role.CLIENT)
class FibonacciClient implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(FibonacciClient.class);

	private static final long MIN_BACK_OFF = TimeUnit.MILLISECONDS.toNanos(500);

	private static final long MAX_BACK_OFF = TimeUnit.SECONDS.toNanos(5);

	private static final long LOOK_INTERVAL = TimeUnit.MILLISECONDS.toNanos(Caller.LOOK_INTERVAL_MILLIS);

	private final ConnectionFactory connectionFactory;

	private final RpcProperties properties;

	private final long timeout;

	private final Tracer tracer;

	private final Propagator propagator;

	private final String appId;

	private final PendingReplies replies;

	private final IdGenerator ids = new AlternativeJdkIdGenerator();

	private final BlockingQueue<Call> unsent = new LinkedBlockingQueue<>();

	// A channel is for one thread at a time.
	private final ReentrantLock writing = new ReentrantLock();

	private volatile @Nullable Thread writer;

	private volatile @Nullable ReplyChannel channel;

	private volatile @Nullable String lastError;

	private long backOff = MIN_BACK_OFF;

	private long lastAttempt = System.nanoTime() - MAX_BACK_OFF;

	FibonacciClient(ConnectionFactory connectionFactory, RpcProperties properties, Tracer tracer, Propagator propagator,
			MeterRegistry meters, @Value("${spring.application.name}") String appId) {
		this.connectionFactory = connectionFactory;
		this.properties = properties;
		this.timeout = properties.timeout().toNanos();
		this.tracer = tracer;
		this.propagator = propagator;
		this.appId = appId;
		this.replies = new PendingReplies(properties.maxInFlight());
		count(meters);
	}

	private void count(MeterRegistry meters) {
		Map.<String, ToDoubleFunction<PendingReplies>>of("answered", PendingReplies::answered, "timed_out",
				PendingReplies::timedOut, "failed", PendingReplies::failed, "cancelled", PendingReplies::cancelled,
				"refused", PendingReplies::refused)
			.forEach((outcome, count) -> FunctionCounter.builder("warren.rpc.calls", this.replies, count)
				.description("Calls, by how they ended")
				.tag("outcome", outcome)
				.register(meters));
		FunctionCounter.builder("warren.rpc.replies.discarded", this.replies, PendingReplies::discarded)
			.description("Replies nobody waited for: late, a second one, or unknown")
			.register(meters);
		Gauge.builder("warren.rpc.calls.waiting", this.replies, PendingReplies::size)
			.description("Calls that wait for their replies")
			.register(meters);
	}

	PendingReplies replies() {
		return this.replies;
	}

	/**
	 * Asks for a Fibonacci number.
	 * @param n its index
	 * @return the call
	 * @throws ProblemException if too many calls are under way
	 */
	Call ask(int n) {
		this.replies.reserve(1);
		return enqueue(expect(n, traceContext(), false));
	}

	/**
	 * Asks for the first of many Fibonacci numbers.
	 * @param n its index
	 * @param traceContext the {@linkplain #traceContext() trace context} of all of them
	 * @return the call, which has one of the places its batch has reserved
	 */
	Call askFirstOfMany(int n, Map<String, Object> traceContext) {
		return enqueue(expect(n, traceContext, true));
	}

	/**
	 * Asks for the next of many Fibonacci numbers, when a reply has come and on its
	 * thread. If it can be, the request is written right there, which saves waking the
	 * writer: while the broker does not read, that thread may wait as well, since no
	 * replies come, and nobody waits for it.
	 */
	Call askNextOfMany(int n, Map<String, Object> traceContext) {
		Call call = expect(n, traceContext, true);
		ReplyChannel current = this.channel;
		if (current != null && this.writer != null && this.writing.tryLock()) {
			try {
				if (current.isUsable()) {
					publish(current, call);
					return call;
				}
			}
			finally {
				this.writing.unlock();
			}
		}
		return enqueue(call);
	}

	private Call expect(int n, Map<String, Object> traceContext, boolean ofBatch) {
		Call call = new Call(this.ids.generateId().toString(), n, traceContext, this.timeout, ofBatch);
		this.replies.expect(call);
		return call;
	}

	private Call enqueue(Call call) {
		this.unsent.add(call);
		// Those that came before the stop are still sent.
		if (this.writer == null) {
			this.replies.fail(call.correlationId(), unavailable("the service stops"));
		}
		return call;
	}

	/**
	 * Ends a call whose caller has left.
	 */
	void cancel(Call call) {
		this.unsent.remove(call);
		this.replies.cancel(call.correlationId(), new ProblemException(ProblemType.NO_REPLY, "The caller has left"));
	}

	/**
	 * The headers that carry the trace context of this thread.
	 */
	Map<String, Object> traceContext() {
		TraceContext context = this.tracer.currentTraceContext().context();
		if (context == null) {
			return Map.of();
		}
		Map<String, Object> headers = new HashMap<>();
		this.propagator.inject(context, headers, (carrier, name, value) -> headers.put(name, value));
		return headers;
	}

	private static ProblemException unavailable(@Nullable String reason) {
		return new ProblemException(ProblemType.BROKER_UNAVAILABLE, "The request was not sent: " + reason);
	}

	@Override
	public synchronized void start() {
		if (this.writer == null) {
			Thread started = daemon(this::write, "rpc-requests");
			this.writer = started;
			started.start();
			daemon(() -> watch(started), "rpc-deadlines").start();
		}
	}

	private static Thread daemon(Runnable task, String name) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		return thread;
	}

	/**
	 * Sends what waits, and fails what has no reply by then: who waits for replies stops
	 * before.
	 */
	@Override
	public synchronized void stop() {
		Thread stopped = this.writer;
		this.writer = null;
		if (stopped != null) {
			try {
				stopped.join(TimeUnit.NANOSECONDS.toMillis(this.timeout));
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			this.replies.calls()
				.forEach((call) -> this.replies.fail(call.correlationId(), unavailable("the service stops")));
		}
	}

	@Override
	public boolean isRunning() {
		return this.writer != null;
	}

	// After the web server, whose requests may still wait for replies.
	@Override
	public int getPhase() {
		return ConfirmedPublisher.PHASE;
	}

	// The writer's thread: the only one that opens channels.
	private void write() {
		reconnectWhenDue(0);
		try {
			while (this.writer == Thread.currentThread() || !this.unsent.isEmpty()) {
				Call next = this.unsent.poll(100, TimeUnit.MILLISECONDS);
				if (next == null) {
					reconnectWhenDue(this.backOff);
				}
				else if (this.replies.isExpected(next)) {
					write(next);
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		ReplyChannel last = this.channel;
		if (last != null) {
			last.close();
		}
	}

	private void write(Call call) {
		reconnectWhenDue(MIN_BACK_OFF);
		ReplyChannel current = this.channel;
		if (current == null || !current.isUsable()) {
			this.replies.fail(call.correlationId(), unavailable(this.lastError));
			return;
		}
		this.writing.lock();
		try {
			publish(current, call);
		}
		finally {
			this.writing.unlock();
		}
	}

	private void publish(ReplyChannel channel, Call call) {
		try {
			channel.publish(call);
		}
		catch (IOException | RuntimeException ex) {
			this.lastError = String.valueOf(ex.getMessage());
			channel.close();
			this.replies.fail(call.correlationId(), unavailable(this.lastError));
		}
	}

	private void reconnectWhenDue(long pause) {
		ReplyChannel current = this.channel;
		if ((current == null || !current.isUsable()) && System.nanoTime() - this.lastAttempt >= pause) {
			try {
				com.rabbitmq.client.Connection connection = this.connectionFactory.createConnection().getDelegate();
				if (connection == null) {
					throw new IOException("the connection closed as it was opened");
				}
				this.channel = ReplyChannel.open(connection, this.properties.replyTo(), this.replies, this.appId);
				this.lastError = "the connection to the broker was lost";
				this.backOff = MIN_BACK_OFF;
			}
			catch (IOException | RuntimeException ex) {
				// Whatever it is: without this thread nothing would ever be sent again.
				this.lastError = String.valueOf(((ex.getCause() != null) ? ex.getCause() : ex).getMessage());
				this.backOff = Math.min(this.backOff * 2, MAX_BACK_OFF);
				logger.debug("No channel for requests and replies", ex);
			}
			this.lastAttempt = System.nanoTime();
		}
	}

	// As long as this client has that writer.
	private void watch(Thread started) {
		long lookedAfter = System.nanoTime();
		while (this.writer == started) {
			long now = System.nanoTime();
			boolean look = now - lookedAfter >= LOOK_INTERVAL;
			if (look) {
				lookedAfter = now;
			}
			// All calls may take the same time: one that comes while this thread sleeps
			// is not due before it wakes.
			long next = Math.min(this.timeout, LOOK_INTERVAL - (now - lookedAfter));
			for (Call call : this.replies.calls()) {
				long remaining = call.remainingNanos();
				if (remaining <= 0) {
					expire(call);
					continue;
				}
				next = Math.min(next, remaining);
				if (look) {
					call.wakeUp();
				}
			}
			LockSupport.parkNanos(next);
		}
	}

	private void expire(Call call) {
		if (call.sentOn() != null) {
			this.replies.expire(call.correlationId(), new ProblemException(ProblemType.NO_REPLY,
					"No server replied within " + this.properties.timeout().toMillis() + " ms"));
		}
		else {
			this.unsent.remove(call);
			this.replies.fail(call.correlationId(), unavailable("the broker does not take it"));
		}
	}

}
