package dev.warren.rpc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.Return;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.util.AlternativeJdkIdGenerator;
import org.springframework.util.IdGenerator;

/**
 * Asks the servers: publishes a request that names this client's reply queue and a
 * correlation id of its own, and completes when the reply with that id comes.
 * <p>
 * All calls share one channel, one exclusive reply queue and one consumer. When these go,
 * the calls under way fail at once, since their replies can no longer come, and the next
 * call opens new ones. A request is mandatory: one that finds no {@code rpc_queue} fails
 * at once, too. It expires with the call, so that no server works for nobody.
 */
@Component
@ConditionalOnRole(RpcProperties.Role.CLIENT)
class FibonacciClient implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(FibonacciClient.class);

	private static final long RETRY_PAUSE = TimeUnit.MILLISECONDS.toNanos(500);

	private final ConnectionFactory connectionFactory;

	private final RpcProperties properties;

	private final PendingReplies replies;

	private final IdGenerator ids = new AlternativeJdkIdGenerator();

	private final Tracer tracer;

	private final Propagator propagator;

	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable ReplyChannel channel;

	private long lastFailure = System.nanoTime() - RETRY_PAUSE;

	private volatile boolean running;

	FibonacciClient(ConnectionFactory connectionFactory, RpcProperties properties, Tracer tracer,
			Propagator propagator) {
		this.connectionFactory = connectionFactory;
		this.properties = properties;
		this.tracer = tracer;
		this.propagator = propagator;
		this.replies = new PendingReplies(properties.maxInFlight(), properties.timeout().toNanos());
	}

	PendingReplies replies() {
		return this.replies;
	}

	/**
	 * Asks for a Fibonacci number.
	 * @param n its index
	 * @return the call, which completes with the reply, or fails with a
	 * {@link ProblemException} when the broker is away or too many calls are under way
	 * and with a {@link java.util.concurrent.TimeoutException} when no reply came in time
	 */
	Call ask(int n) {
		String correlationId = this.ids.generateId().toString();
		CompletableFuture<FibonacciReply> reply = this.replies.expect(correlationId)
			.orElseGet(() -> CompletableFuture.failedFuture(new ProblemException(ProblemType.BUSY,
					"There are %d calls under way".formatted(this.properties.maxInFlight()))));
		if (!reply.isDone()) {
			try {
				publish(correlationId, Integer.toString(n));
			}
			catch (AmqpException | IOException | ShutdownSignalException ex) {
				this.replies.fail(correlationId, unavailable(String.valueOf(ex.getMessage())));
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				this.replies.fail(correlationId, unavailable("interrupted"));
			}
		}
		return new Call(n, correlationId, reply);
	}

	private static ProblemException unavailable(String reason) {
		return new ProblemException(ProblemType.BROKER_UNAVAILABLE, "No reply can come: " + reason);
	}

	private void publish(String correlationId, String body) throws IOException, InterruptedException {
		// A broker that does not read blocks the one that writes, not those behind it.
		if (!this.lock.tryLock(this.properties.timeout().toNanos(), TimeUnit.NANOSECONDS)) {
			throw new IOException("the broker takes no requests");
		}
		try {
			ReplyChannel open = openChannel();
			AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder().correlationId(correlationId)
				.replyTo(open.replyTo)
				.expiration(Long.toString(this.properties.timeout().toMillis()))
				.contentType("text/plain")
				.contentEncoding("UTF-8")
				.headers(traceContext())
				.build();
			open.getChannel()
				.basicPublish("", RpcTopology.REQUESTS, true, properties, body.getBytes(StandardCharsets.UTF_8));
		}
		finally {
			this.lock.unlock();
		}
	}

	private @Nullable Map<String, Object> traceContext() {
		TraceContext context = this.tracer.currentTraceContext().context();
		if (context == null) {
			return null;
		}
		Map<String, Object> headers = new HashMap<>();
		this.propagator.inject(context, headers, (carrier, name, value) -> headers.put(name, value));
		return headers;
	}

	private ReplyChannel openChannel() throws IOException {
		ReplyChannel current = this.channel;
		if (current != null && current.isUsable()) {
			return current;
		}
		if (System.nanoTime() - this.lastFailure < RETRY_PAUSE) {
			throw new IOException("the broker was not there a moment ago");
		}
		try {
			com.rabbitmq.client.Connection connection = this.connectionFactory.createConnection().getDelegate();
			Channel opened = Objects.requireNonNull(connection, "closed as it was opened").createChannel();
			ReplyChannel next = new ReplyChannel(opened);
			next.open();
			this.channel = next;
			return next;
		}
		catch (AmqpException | IOException | ShutdownSignalException | NullPointerException ex) {
			this.lastFailure = System.nanoTime();
			throw ex;
		}
	}

	/**
	 * Opens the channel before the first call needs it, if the broker is there.
	 */
	@Override
	public void start() {
		this.running = true;
		this.lock.lock();
		try {
			openChannel();
		}
		catch (AmqpException | IOException | ShutdownSignalException ex) {
			logger.debug("The first call will open the channel", ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void stop() {
		this.running = false;
		this.lock.lock();
		try {
			if (this.channel != null) {
				this.channel.getChannel().abort();
			}
		}
		catch (IOException ex) {
			logger.debug("The channel was gone already", ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	// After the web server, whose requests may still wait for replies.
	@Override
	public int getPhase() {
		return SmartLifecycle.DEFAULT_PHASE - 4096;
	}

	/**
	 * A call under way.
	 *
	 * @param n the index asked for
	 * @param correlationId its correlation id
	 * @param reply the reply
	 */
	record Call(int n, String correlationId, CompletableFuture<FibonacciReply> reply) {

	}

	/**
	 * The channel requests are published on and replies come in on.
	 */
	private final class ReplyChannel extends DefaultConsumer {

		private String replyTo = RpcTopology.DIRECT_REPLY_TO;

		private volatile boolean cancelled;

		ReplyChannel(Channel channel) {
			super(channel);
		}

		void open() throws IOException {
			if (FibonacciClient.this.properties.replyTo() == RpcProperties.ReplyTo.QUEUE) {
				this.replyTo = getChannel().queueDeclare().getQueue();
			}
			getChannel().addReturnListener(this::returned);
			getChannel().basicConsume(this.replyTo, true, this);
		}

		boolean isUsable() {
			return getChannel().isOpen() && !this.cancelled;
		}

		@Override
		public void handleDelivery(String consumerTag, Envelope envelope, AMQP.BasicProperties properties,
				byte[] body) {
			if (!FibonacciClient.this.replies.complete(properties.getCorrelationId(),
					FibonacciReply.of(properties, body))) {
				logger.debug("Discarded a reply, late or unknown: " + properties.getCorrelationId());
			}
		}

		private void returned(Return returned) {
			String correlationId = returned.getProperties().getCorrelationId();
			if (correlationId != null) {
				FibonacciClient.this.replies.fail(correlationId,
						unavailable("there is no queue " + RpcTopology.REQUESTS));
			}
		}

		// The broker tells that the queue is gone (consumer cancel notification).
		@Override
		public void handleCancel(String consumerTag) throws IOException {
			this.cancelled = true;
			FibonacciClient.this.replies.failAll(unavailable("the reply queue was deleted"));
			getChannel().abort();
		}

		@Override
		public void handleShutdownSignal(String consumerTag, ShutdownSignalException signal) {
			this.cancelled = true;
			FibonacciClient.this.replies.failAll(unavailable("the channel closed"));
		}

	}

}
