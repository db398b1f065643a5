package dev.warren.messaging.listener;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import dev.warren.messaging.message.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.amqp.event.AmqpEvent;
import org.springframework.amqp.rabbit.listener.AbstractMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.AsyncConsumerStoppedEvent;
import org.springframework.amqp.rabbit.listener.ConsumeOkEvent;
import org.springframework.amqp.rabbit.listener.ListenerContainerConsumerFailedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.NestedExceptionUtils;

/**
 * Which consumers fail, and why. Each is told in one line of the log, and again only when
 * the reason changes; the containers' own logger prints a stack trace for every attempt
 * and is off.
 */
public final class ListenerFailures implements ApplicationListener<AmqpEvent> {

	private static final Logger logger = LoggerFactory.getLogger(ListenerFailures.class);

	// By the container's listener id, which is its consumer's tag, too.
	private final ConcurrentMap<String, String> reasons = new ConcurrentHashMap<>();

	@Override
	public void onApplicationEvent(AmqpEvent event) {
		if (event instanceof ListenerContainerConsumerFailedEvent failed) {
			if (failed.getSource() instanceof AbstractMessageListenerContainer container && !container.isActive()) {
				// It is being stopped, or made to crash.
				return;
			}
			String listener = listener(failed);
			String reason = reason(failed);
			if (!reason.equals(this.reasons.put(listener, reason))) {
				logger.warn("{} does not receive, and tries again: {}", listener, reason);
			}
		}
		else if (event instanceof ConsumeOkEvent consuming) {
			if (this.reasons.remove(consuming.getConsumerTag()) != null) {
				logger.info("{} receives again", consuming.getConsumerTag());
			}
		}
		else if (event instanceof AsyncConsumerStoppedEvent) {
			this.reasons.remove(listener(event));
		}
	}

	private static String reason(ListenerContainerConsumerFailedEvent event) {
		Throwable failure = event.getThrowable();
		Throwable cause = (failure != null) ? NestedExceptionUtils.getMostSpecificCause(failure) : null;
		return Printable.line((cause == null) ? event.getReason()
				: (cause.getMessage() != null) ? cause.getMessage() : cause.toString());
	}

	private static String listener(AmqpEvent event) {
		return (event.getSource() instanceof AbstractMessageListenerContainer container)
				? String.valueOf(container.getListenerId()) : String.valueOf(event.getSource());
	}

	/**
	 * The consumers that fail.
	 * @return the reasons, by the consumer's name
	 */
	public Map<String, String> current() {
		return Map.copyOf(this.reasons);
	}

}
