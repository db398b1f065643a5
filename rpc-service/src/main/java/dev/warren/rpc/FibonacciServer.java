package dev.warren.rpc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.listener.api.ChannelAwareMessageListener;
import org.springframework.util.Assert;

/**
 * Answers requests, one at a time: computes, replies to the queue the request names, and
 * acknowledges the request after that, on the same channel. The broker takes a channel's
 * methods in order, so a request it has seen acknowledged has its reply on the way; a
 * server that dies before has its request go to another one, and the client may get two
 * replies.
 */
final class FibonacciServer implements ChannelAwareMessageListener {

	private static final Log logger = LogFactory.getLog(FibonacciServer.class);

	private static final int MAX_DIGITS = 10;

	private final String id;

	private final Fibonacci algorithm;

	private final Duration timeout;

	private final int maxAttempts;

	private final AtomicLong answered = new AtomicLong();

	// A channel that closes between two methods of a reply would take the connection,
	// and so other servers, with it.
	private final Object settling = new Object();

	private volatile @Nullable Channel channel;

	FibonacciServer(String id, RpcProperties properties) {
		this.id = id;
		this.algorithm = properties.algorithm();
		this.timeout = properties.timeout();
		this.maxAttempts = properties.maxAttempts();
	}

	@Override
	public void onMessage(Message request, @Nullable Channel channel) throws IOException {
		Assert.state(channel != null, "a listener with manual acknowledgement gets its channel");
		this.channel = channel;
		MessageProperties properties = request.getMessageProperties();
		boolean redelivered = Boolean.TRUE.equals(properties.getRedelivered());
		Reply reply = (properties.getReplyTo() != null && !redelivered) ? answer(request) : null;
		synchronized (this.settling) {
			if (reply != null) {
				reply(properties, channel, reply);
			}
			else if (redelivered && properties.getReplyTo() != null) {
				retry(request, channel);
			}
			else {
				logger.warn("Dropped a request without reply_to: " + describe(request));
			}
			channel.basicAck(properties.getDeliveryTag(), false);
		}
	}

	/**
	 * A request that came back took its server down, or was held by one that went for
	 * another reason. A queue does not count that, so the request itself does: it goes
	 * back into the queue as a new message with the count in a header.
	 */
	private void retry(Message request, Channel channel) throws IOException {
		MessageProperties properties = request.getMessageProperties();
		int attempts = attempts(properties) + 1;
		if (attempts >= this.maxAttempts) {
			reply(properties, channel,
					new Reply("The request took down %d servers".formatted(attempts), RpcError.CRASHED));
			return;
		}
		Map<String, @Nullable Object> headers = new HashMap<>(properties.getHeaders());
		headers.put(RpcTopology.ATTEMPTS_HEADER, attempts);
		channel.basicPublish("", RpcTopology.REQUESTS,
				new AMQP.BasicProperties.Builder().headers(headers)
					.replyTo(properties.getReplyTo())
					.correlationId(properties.getCorrelationId())
					.expiration(properties.getExpiration())
					.contentType(properties.getContentType())
					.messageId(properties.getMessageId())
					.build(),
				request.getBody());
	}

	private static int attempts(MessageProperties properties) {
		Object attempts = properties.getHeaders().get(RpcTopology.ATTEMPTS_HEADER);
		return (attempts instanceof Number number) ? number.intValue() : 0;
	}

	private Reply answer(Message request) {
		String body = new String(request.getBody(), 0, Math.min(request.getBody().length, 100), StandardCharsets.UTF_8);
		if (!body.matches("\\d{1," + MAX_DIGITS + "}") || Long.parseLong(body) > this.algorithm.maxN()) {
			logger.warn(
					"A request that is not a number up to %d: %s".formatted(this.algorithm.maxN(), describe(request)));
			return new Reply("'%s' is not a number from 0 to %d".formatted(printable(body), this.algorithm.maxN()),
					RpcError.INVALID_REQUEST);
		}
		long deadline = System.nanoTime() + this.timeout.toNanos();
		try {
			return new Reply(
					this.algorithm.compute(Integer.parseInt(body), () -> System.nanoTime() - deadline >= 0).toString(),
					null);
		}
		catch (Fibonacci.ExpiredException ex) {
			return new Reply("fib(%s) takes longer than %s".formatted(body, this.timeout), RpcError.TIMED_OUT);
		}
	}

	private void reply(MessageProperties request, Channel channel, Reply reply) throws IOException {
		Map<String, Object> headers = new HashMap<>();
		headers.put(RpcTopology.SERVER_HEADER, this.id);
		if (reply.error() != null) {
			headers.put(RpcTopology.ERROR_HEADER, reply.error().name());
		}
		for (String trace : new String[] { "traceparent", "tracestate" }) {
			Object value = request.getHeaders().get(trace);
			if (value != null) {
				headers.put(trace, value);
			}
		}
		channel.basicPublish("", request.getReplyTo(),
				new AMQP.BasicProperties.Builder().correlationId(request.getCorrelationId())
					.contentType("text/plain")
					.contentEncoding("UTF-8")
					.headers(headers)
					.build(),
				reply.body().getBytes(StandardCharsets.UTF_8));
		this.answered.incrementAndGet();
	}

	/**
	 * Kills the server in the middle of whatever it does, as far as the broker can tell:
	 * its channel is gone, and what it held goes to another.
	 */
	void crash() throws IOException {
		Channel current = this.channel;
		if (current != null) {
			synchronized (this.settling) {
				current.abort();
			}
		}
	}

	private static String describe(Message request) {
		return "%d bytes, correlation id %s".formatted(request.getBody().length,
				printable(String.valueOf(request.getMessageProperties().getCorrelationId())));
	}

	private static String printable(String text) {
		return text.replaceAll("[^\\x20-\\x7e]", "?");
	}

	String id() {
		return this.id;
	}

	long answered() {
		return this.answered.get();
	}

	private record Reply(String body, @Nullable RpcError error) {

	}

}
