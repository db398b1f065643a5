package dev.warren.rpc;

import java.util.Date;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.warren.messaging.log.MessageLog;
import dev.warren.messaging.publish.Confirmation;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.stereotype.Component;

/**
 * Asks the servers, the tutorial's {@code RPCClient}: one queue for all replies, and a
 * map that tells by its correlation id which call a reply belongs to.
 */
@Component
@ConditionalOnRole(RpcProperties.Role.CLIENT)
public class FibonacciClient {

	private final RabbitTemplate template;

	private final Queue replies;

	private final long timeout;

	private final MessageLog log;

	private final Map<String, CompletableFuture<Message>> waiting = new ConcurrentHashMap<>();

	private final AtomicLong discarded = new AtomicLong();

	FibonacciClient(RabbitTemplate template, Queue replies, RpcProperties properties, MessageLog log) {
		this.template = template;
		this.replies = replies;
		this.timeout = properties.timeout().toMillis();
		this.log = log;
	}

	/**
	 * Asks for a Fibonacci number. Many calls may wait at the same time.
	 * @param n its index
	 * @return completes with the reply, exceptionally if none came in time or the broker
	 * did not put the request into a queue
	 */
	public CompletableFuture<Message> ask(int n) {
		String id = UUID.randomUUID().toString();
		CompletableFuture<Message> reply = new CompletableFuture<>();
		this.waiting.put(id, reply);
		reply.whenComplete((message, failure) -> this.waiting.remove(id));
		this.log.line("Requesting fib({})", n);
		try {
			CorrelationData correlation = new CorrelationData();
			this.template.convertAndSend("", RpcTopology.REQUESTS, Integer.toString(n),
					(request) -> address(request, id), correlation);
			reply.orTimeout(this.timeout, TimeUnit.MILLISECONDS);
			Confirmation.of(correlation).thenApply(Confirmation::requireRouted).exceptionally((failure) -> {
				reply.completeExceptionally(failure);
				return null;
			});
		}
		catch (AmqpException ex) {
			reply.completeExceptionally(ex);
		}
		return reply;
	}

	// It expires with the call: nobody shall compute what nobody waits for.
	private Message address(Message request, String id) {
		return MessageBuilder.fromMessage(request)
			.setCorrelationId(id)
			.setReplyTo(this.replies.getName())
			.setExpiration(Long.toString(this.timeout))
			.setHeader(RpcTopology.DEADLINE_HEADER, Long.toString(System.currentTimeMillis() + this.timeout))
			.setTimestamp(new Date())
			.setAppId("rpc-service")
			.build();
	}

	@RabbitListener(id = "rpc-replies", queues = "#{replies.name}")
	void receive(Message reply) {
		String id = String.valueOf(reply.getMessageProperties().getCorrelationId());
		CompletableFuture<Message> call = this.waiting.remove(id);
		boolean expected = call != null && call.complete(reply);
		this.log.line(expected ? "Got the reply to {}" : "Discarded a reply to {}, late or unknown", id);
		if (!expected) {
			this.discarded.incrementAndGet();
		}
	}

	/**
	 * Ends the calls that wait: their replies cannot come any more.
	 * @param reason why
	 */
	public void giveUp(AmqpException reason) {
		this.waiting.values().forEach((call) -> call.completeExceptionally(reason));
	}

	/**
	 * How many replies nobody waited for: late, a second one, or unknown.
	 * @return the number of replies since the start
	 */
	public long discarded() {
		return this.discarded.get();
	}

}
