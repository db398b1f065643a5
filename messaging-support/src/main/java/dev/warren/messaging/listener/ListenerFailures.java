package dev.warren.messaging.listener;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.messaging.log.Printable;
import dev.warren.messaging.log.Reason;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.amqp.AmqpAuthenticationException;
import org.springframework.amqp.AmqpConnectException;
import org.springframework.amqp.event.AmqpEvent;
import org.springframework.amqp.rabbit.listener.AbstractMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.AsyncConsumerStoppedEvent;
import org.springframework.amqp.rabbit.listener.ConsumeOkEvent;
import org.springframework.amqp.rabbit.listener.ListenerContainerConsumerFailedEvent;
import org.springframework.amqp.rabbit.support.ConsumerCancelledException;
import org.springframework.context.ApplicationListener;

/**
 * Which consumers fail, and why. Each is told in one line of the log, and again only when
 * the reason changes; the containers' own logger prints a stack trace for every attempt
 * and is off. That there is no connection is told once, and not for each consumer.
 * <p>
 * A consumer is known by the id of its listener, which must be its consumer tag, too:
 * this is all that the event of its success has in common with the one of its failure.
 */
public final class ListenerFailures implements ApplicationListener<AmqpEvent> {

	private static final Logger logger = LoggerFactory.getLogger(ListenerFailures.class);

	private final ConcurrentMap<String, Failure> failures = new ConcurrentHashMap<>();

	@Override
	public void onApplicationEvent(AmqpEvent event) {
		if (event instanceof ListenerContainerConsumerFailedEvent failed) {
			// Unless it is being stopped, or made to crash.
			if (!isOnPurpose(failed.getThrowable()) && isActive(failed.getSource())) {
				failed(failed.getSource(), failed.getReason(), failed.getThrowable());
			}
		}
		else if (event instanceof ConsumeOkEvent consuming) {
			Failure failure = this.failures.remove(consuming.getConsumerTag());
			if (failure != null && failure.told()) {
				logger.info("{} receives again", consuming.getConsumerTag());
			}
		}
		else if (event instanceof AsyncConsumerStoppedEvent) {
			this.failures.remove(id(event.getSource()));
		}
	}

	private void failed(Object source, @Nullable String event, @Nullable Throwable cause) {
		String id = id(source);
		String reason = (cause instanceof ConsumerCancelledException)
				? "The broker has cancelled it, as it does when the queue is deleted"
				: (cause != null) ? Reason.of(cause) : Printable.line(event);
		boolean told = !isOfTheConnection(cause);
		Failure before = this.failures.put(id, new Failure(source, reason, told));
		if (told && (before == null || !before.reason().equals(reason))) {
			logger.warn("{} does not receive, and tries again: {}", id, reason);
		}
	}

	private static boolean isOnPurpose(@Nullable Throwable failure) {
		return failure instanceof ShutdownSignalException signal && !signal.isHardError()
				&& signal.isInitiatedByApplication();
	}

	private static boolean isOfTheConnection(@Nullable Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof AmqpConnectException || cause instanceof AmqpAuthenticationException
					|| cause instanceof PossibleAuthenticationFailureException
					|| (cause instanceof ShutdownSignalException signal && signal.isHardError())) {
				return true;
			}
		}
		return false;
	}

	private static boolean isActive(Object source) {
		return !(source instanceof AbstractMessageListenerContainer container) || container.isActive();
	}

	private static String id(Object source) {
		return (source instanceof AbstractMessageListenerContainer container)
				? String.valueOf(container.getListenerId()) : String.valueOf(source);
	}

	/**
	 * The consumers that fail.
	 * @return the reasons, by the consumer's name
	 */
	public Map<String, String> current() {
		// One that is stopped between a failure and its next attempt tells nobody.
		this.failures.values().removeIf((failure) -> !isActive(failure.source()));
		Map<String, String> current = new LinkedHashMap<>();
		this.failures.forEach((id, failure) -> current.put(id, failure.reason()));
		return current;
	}

	private record Failure(Object source, String reason, boolean told) {

	}

}
