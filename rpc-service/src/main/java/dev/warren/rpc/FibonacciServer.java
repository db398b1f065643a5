package dev.warren.rpc;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;

/**
 * The tutorial's {@code RPCServer}: takes one request at a time, computes, replies to the
 * queue the request names, and acknowledges the request after that, on the same channel.
 * The broker takes a channel's methods in order, so a request it has seen acknowledged
 * has its reply on the way; a server that dies before has its request go to another one,
 * and the client may get two replies.
 * <p>
 * <b>Counting crashes.</b> A request that takes its server down leaves nobody to count
 * but the broker, which only marks what it delivers again. So a server does not answer a
 * request that was delivered before: it puts a copy back into the queue that says how
 * many servers it has cost, or answers with an error when that is enough. With a prefetch
 * of one, what a dead server held it had begun.
 */
final class FibonacciServer extends DefaultConsumer {

	private static final int ONE_AT_A_TIME = 1;

	private final String id;

	private final Workplace workplace;

	private final LongAdder answered;

	private final CountDownLatch end = new CountDownLatch(1);

	private volatile @Nullable Request current;

	private volatile boolean crashed;

	private Map<String, String> traced = Map.of();

	private long begin;

	private FibonacciServer(String id, Channel channel, Workplace workplace, LongAdder answered) {
		super(channel);
		this.id = id;
		this.workplace = workplace;
		this.answered = answered;
	}

	/**
	 * Begins to take requests.
	 * @param answered counts the requests that got a reply
	 */
	static FibonacciServer start(String id, Connection connection, Workplace workplace, LongAdder answered)
			throws IOException {
		Channel channel = connection.createChannel();
		if (channel == null) {
			throw new IOException("the connection has no channel left");
		}
		FibonacciServer server = new FibonacciServer(id, channel, workplace, answered);
		channel.addShutdownListener((signal) -> server.closed());
		channel.queueDeclare(RpcTopology.REQUESTS, false, false, false, null);
		channel.basicQos(ONE_AT_A_TIME);
		channel.basicConsume(RpcTopology.REQUESTS, false, id, server);
		return server;
	}

	@Override
	public void handleDelivery(String consumerTag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
		this.begin = System.nanoTime();
		Request request = new Request(properties, body);
		this.current = request;
		try {
			trace(request, envelope.isRedeliver());
			getChannel().basicAck(envelope.getDeliveryTag(), false);
			this.current = null;
		}
		catch (IOException | ShutdownSignalException ex) {
			// The connection is lost, and the request somebody else's.
			getChannel().getConnection().abort(ServerConnection.CLOSE_TIMEOUT_MILLIS);
		}
		catch (Error ex) {
			// A crash: the client closes the channel of a consumer that throws.
			this.crashed = true;
			throw ex;
		}
	}

	// The requests of a batch have one trace context. A span for each would take as long
	// as to answer it, so the first has one for all that follow.
	private void trace(Request request, boolean redelivered) throws IOException {
		Map<String, String> traceContext = request.traceContext();
		if (traceContext.isEmpty() || traceContext.equals(this.traced)) {
			serve(request, redelivered);
			return;
		}
		this.traced = traceContext;
		Span span = this.workplace.answering().startSpan(request, this.id);
		Tracer.SpanInScope scope = this.workplace.answering().inScope(span);
		try {
			serve(request, redelivered);
		}
		catch (IOException | RuntimeException | Error ex) {
			span.error(ex);
			throw ex;
		}
		finally {
			scope.close();
			span.end();
		}
	}

	private void serve(Request request, boolean redelivered) throws IOException {
		if (request.replyTo() == null) {
			this.workplace.strangers().report(Strangers.Fault.NO_REPLY_TO, request);
		}
		else if (redelivered && !this.workplace.interrupted().remove(request.key())) {
			retry(request, request.crashes() + 1);
		}
		else {
			if (request.correlationId() == null) {
				this.workplace.strangers().report(Strangers.Fault.NO_CORRELATION_ID, request);
			}
			reply(request, this.workplace.answering().answer(request, this.id, () -> !getChannel().isOpen()));
		}
	}

	private void retry(Request request, int crashes) throws IOException {
		if (crashes < this.workplace.maxCrashes()) {
			getChannel().basicPublish("", RpcTopology.REQUESTS, request.retried(crashes, System.currentTimeMillis()),
					request.body());
		}
		else {
			reply(request, new FibonacciReply("The request took down %d servers".formatted(crashes), this.id,
					RpcError.CRASHED.name()));
		}
	}

	private void reply(Request request, FibonacciReply reply) throws IOException {
		getChannel().basicPublish("", request.replyTo(), reply.properties(request), reply.body());
		this.answered.increment();
		this.workplace.answering().record(reply, System.nanoTime() - this.begin);
	}

	/**
	 * Ends the server as a crash does: it stops in the middle of its work, and nothing is
	 * acknowledged.
	 */
	void crash() {
		this.crashed = true;
		getChannel().getConnection().abort(ServerConnection.CLOSE_TIMEOUT_MILLIS);
	}

	/**
	 * Takes no more requests, and {@linkplain #awaitEnd ends} when the last has its
	 * reply.
	 */
	void stop() throws IOException {
		getChannel().basicCancel(this.id);
	}

	// In its turn after the deliveries, of which there can be no more.
	@Override
	public void handleCancelOk(String consumerTag) {
		this.end.countDown();
	}

	// The queue was deleted.
	@Override
	public void handleCancel(String consumerTag) {
		this.end.countDown();
	}

	private void closed() {
		Request held = this.current;
		if (held != null && !this.crashed) {
			this.workplace.interrupted().add(held.key());
		}
		this.end.countDown();
	}

	/**
	 * Waits until it takes no more requests and works on none, or has lost its channel.
	 */
	void awaitEnd() throws InterruptedException {
		this.end.await();
	}

}
