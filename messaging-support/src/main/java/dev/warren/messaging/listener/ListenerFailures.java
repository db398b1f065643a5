package dev.warren.messaging.listener;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import dev.warren.messaging.message.Printable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.amqp.event.AmqpEvent;
import org.springframework.amqp.rabbit.listener.AbstractMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.AsyncConsumerStartedEvent;
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

	private final ConcurrentMap<Object, String> reasons = new ConcurrentHashMap<>();

	@Override
	public void onApplicationEvent(AmqpEvent event) {
		if (event instanceof ListenerContainerConsumerFailedEvent failed) {
			String reason = reason(failed);
			if (!reason.equals(this.reasons.put(event.getSource(), reason))) {
				logger.warn("{} does not receive, and tries again: {}", name(event.getSource()), reason);
			}
		}
		else if (event instanceof ConsumeOkEvent || event instanceof AsyncConsumerStartedEvent) {
			if (this.reasons.remove(event.getSource()) != null) {
				logger.info("{} receives again", name(event.getSource()));
			}
		}
		else if (event instanceof AsyncConsumerStoppedEvent) {
			this.reasons.remove(event.getSource());
		}
	}

	private static String reason(ListenerContainerConsumerFailedEvent event) {
		Throwable failure = event.getThrowable();
		Throwable cause = (failure != null) ? NestedExceptionUtils.getMostSpecificCause(failure) : null;
		return Printable.line((cause == null) ? event.getReason()
				: (cause.getMessage() != null) ? cause.getMessage() : cause.toString());
	}

	private static String name(@Nullable Object source) {
		return (source instanceof AbstractMessageListenerContainer container) ? container.getListenerId()
				: String.valueOf(source);
	}

	/**
	 * The consumers that fail.
	 * @return the reasons, by the consumer's name
	 */
	public Map<String, String> current() {
		Map<String, String> current = new LinkedHashMap<>();
		this.reasons.forEach((source, reason) -> current.put(name(source), reason));
		return current;
	}

}
