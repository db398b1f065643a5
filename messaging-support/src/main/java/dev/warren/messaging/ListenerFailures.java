package dev.warren.messaging;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

import dev.warren.messaging.publish.ConfirmedPublisher;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.amqp.rabbit.listener.ListenerContainerConsumerFailedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.NestedExceptionUtils;

/**
 * Logs why a consumer failed, in a line, and again only when the reason changes. The
 * containers' own logger is off: it prints a stack trace for every attempt to reach a
 * broker that is away, of which the publisher has told already.
 */
final class ListenerFailures implements ApplicationListener<ListenerContainerConsumerFailedEvent> {

	private static final Log logger = LogFactory.getLog(ListenerFailures.class);

	private final ConfirmedPublisher publisher;

	private final Map<Object, String> lastReasons = Collections.synchronizedMap(new WeakHashMap<>());

	ListenerFailures(ConfirmedPublisher publisher) {
		this.publisher = publisher;
	}

	@Override
	public void onApplicationEvent(ListenerContainerConsumerFailedEvent event) {
		Throwable failure = event.getThrowable();
		Throwable cause = (failure != null) ? NestedExceptionUtils.getMostSpecificCause(failure) : null;
		String reason = event.getReason() + ((cause != null) ? ": " + cause.getMessage() : "");
		if (this.publisher.broker() != null && !reason.equals(this.lastReasons.put(event.getSource(), reason))) {
			logger.warn(reason);
		}
	}

}
