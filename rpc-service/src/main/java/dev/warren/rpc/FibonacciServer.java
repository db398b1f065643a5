package dev.warren.rpc;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

import dev.warren.messaging.log.MessageLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.amqp.ImmediateRequeueAmqpException;
import org.springframework.amqp.core.Address;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.util.StringUtils;

/**
 * Answers requests, the tutorial's {@code RPCServer}: takes one at a time and returns the
 * reply, which Spring sends to where the request says, with its correlation id. After
 * that the request is acknowledged; if the server dies before, it goes to another.
 */
public class FibonacciServer {

	private static final Logger logger = LoggerFactory.getLogger(FibonacciServer.class);

	private final String id;

	private final RpcProperties properties;

	private final CrashedRequests crashed;

	private final MessageLog log;

	private final AtomicLong answered = new AtomicLong();

	FibonacciServer(String id, RpcProperties properties, CrashedRequests crashed, MessageLog log) {
		this.id = id;
		this.properties = properties;
		this.crashed = crashed;
		this.log = log;
	}

	@RabbitListener(queues = RpcTopology.REQUESTS)
	@Nullable Message answer(Message message) {
		MessageProperties request = message.getMessageProperties();
		String text = StringUtils.truncate(new String(message.getBody(), StandardCharsets.UTF_8).strip());
		this.log.line("{} received '{}', correlation id {}, reply to {}", this.id, text, request.getCorrelationId(),
				request.getReplyTo());
		Address replyTo = request.getReplyToAddress();
		// Spring reads "a/b" as a key of an exchange, and the channel closes without one.
		if (replyTo == null || replyTo.getRoutingKey().isEmpty() || !replyTo.getExchangeName().isEmpty()) {
			this.log.line("{} dropped '{}': there is no queue to reply to", this.id, text);
			return null;
		}
		if (Boolean.TRUE.equals(request.getRedelivered())) {
			return this.crashed.tryAgain(message) ? null : reply(
					"The request took down %d servers".formatted(this.properties.maxCrashes()), RpcError.CRASHED);
		}
		return answer(text, CrashedRequests.deadline(request));
	}

	private Message answer(String text, long callerLeaves) {
		long deadline = Math.min(callerLeaves, System.currentTimeMillis() + this.properties.timeout().toMillis());
		int max = this.properties.algorithm().maxN();
		if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) > max) {
			return reply("'%s' is not a number from 0 to %d".formatted(text, max), RpcError.INVALID_REQUEST);
		}
		int n = Integer.parseInt(text);
		String value = null;
		try {
			value = compute(n, () -> System.currentTimeMillis() >= deadline || Thread.currentThread().isInterrupted())
				.toString();
		}
		catch (Fibonacci.ExpiredException ex) {
			logger.debug("fib({}) was given up", n);
		}
		// A listener container ends the process (exit code 99) for an Error.
		catch (RuntimeException | Error ex) {
			logger.error("fib({}) failed", n, ex);
			return reply("fib(%d) failed; the server's log says why".formatted(n), RpcError.FAILED);
		}
		// Spring would send the reply on another channel, and the next server one more.
		if (Thread.currentThread().isInterrupted()) {
			throw new ImmediateRequeueAmqpException("The server died before it replied");
		}
		return (value != null) ? reply(value, null) : reply("fib(%d) took too long".formatted(n), RpcError.TIMED_OUT);
	}

	BigInteger compute(int n, BooleanSupplier expired) {
		return this.properties.algorithm().compute(n, expired);
	}

	private Message reply(String text, @Nullable RpcError error) {
		MessageProperties properties = new MessageProperties();
		properties.setContentType("text/plain");
		properties.setContentEncoding("UTF-8");
		properties.setHeader(RpcTopology.SERVER_HEADER, this.id);
		if (error != null) {
			properties.setHeader(RpcTopology.ERROR_HEADER, error.name());
		}
		this.answered.incrementAndGet();
		return new Message(text.getBytes(StandardCharsets.UTF_8), properties);
	}

	/**
	 * How many requests it has replied to.
	 * @return the number of requests
	 */
	public long answered() {
		return this.answered.get();
	}

}
