package dev.warren.rpc;

import java.util.Objects;

import dev.warren.messaging.publish.Confirmation;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.stereotype.Component;

/**
 * What becomes of a request whose server died. The broker gives it to the next one and,
 * if the request is to blame, to the next, until none is left; all that a classic queue
 * tells is that it delivers <em>again</em>. So a server does not answer such a request:
 * it puts a copy back that says how many servers it has cost. With a prefetch of one,
 * what a dead server held it had begun.
 */
@Component
@ConditionalOnRole(RpcProperties.Role.SERVER)
class CrashedRequests {

	/** The header of a request that counts the servers it has taken down. */
	static final String CRASHES_HEADER = "x-crashes";

	private final RabbitTemplate template;

	private final int maxCrashes;

	CrashedRequests(RabbitTemplate template, RpcProperties properties) {
		this.template = template;
		this.maxCrashes = properties.maxCrashes();
	}

	/**
	 * Puts a request back into the queue, unless it has cost too many servers.
	 * @param request the request, delivered again
	 * @return whether the broker has confirmed the copy
	 */
	boolean tryAgain(Message request) {
		MessageProperties properties = request.getMessageProperties();
		int before = (properties.getHeader(CRASHES_HEADER) instanceof Number crashes) ? Math.max(0, crashes.intValue())
				: 0;
		if (before >= this.maxCrashes - 1) {
			return false;
		}
		Message copy = MessageBuilder.fromClonedMessage(request)
			.setHeader(CRASHES_HEADER, before + 1)
			// It would have the broker send more copies.
			.removeHeader("CC")
			.build();
		long deadline = deadline(properties);
		if (deadline != Long.MAX_VALUE) {
			copy.getMessageProperties()
				.setExpiration(Long.toString(Math.max(0, deadline - System.currentTimeMillis())));
		}
		CorrelationData correlation = new CorrelationData();
		this.template.send("", RpcTopology.REQUESTS, copy, correlation);
		return Confirmation.of(correlation).join().requireRouted().routed();
	}

	/**
	 * Until when the caller waits, in milliseconds since 1970. A text, since clients of
	 * AMQP 0-8 cannot read a table with a 64-bit number in it.
	 */
	static long deadline(MessageProperties request) {
		String deadline = Objects.toString(request.getHeader(RpcTopology.DEADLINE_HEADER), "");
		return deadline.matches("[0-9]{1,15}") ? Long.parseLong(deadline) : Long.MAX_VALUE;
	}

}
