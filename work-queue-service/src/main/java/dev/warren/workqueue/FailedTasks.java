package dev.warren.workqueue;

import java.util.Set;

import dev.warren.messaging.log.MessageLog;

import org.springframework.amqp.ImmediateRequeueAmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.ConfirmType;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.retry.MessageRecoverer;
import org.springframework.amqp.rabbit.retry.RepublishMessageRecovererWithConfirms;
import org.springframework.boot.amqp.autoconfigure.RabbitListenerRetrySettingsCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What becomes of a task that fails: its worker tries it again, with a back-off
 * ({@code spring.rabbitmq.listener.simple.retry}), and then it is a dead letter, to be
 * looked at, replayed or dropped. The original is acknowledged when the broker has
 * confirmed the copy, so that whoever dies in between leaves two of it rather than none.
 */
@Configuration(proxyBeanMethods = false)
class FailedTasks {

	// What would send the copy elsewhere, or have it expire.
	private static final Set<String> ROUTING_HEADERS = Set.of("CC", "BCC");

	@Bean
	MessageRecoverer deadLetterRecoverer(RabbitTemplate template, MessageLog log) {
		MessageRecoverer republish = new RepublishMessageRecovererWithConfirms(template, "", WorkTopology.DEAD_LETTERS,
				ConfirmType.CORRELATED);
		return (message, cause) -> {
			if (isInterrupted(cause)) {
				throw new ImmediateRequeueAmqpException("The worker was stopped before the task was done", cause);
			}
			republish.recover(withoutRouting(message), cause);
			log.line("Dead-lettered '{}'", new String(message.getBody(), 0, Math.min(message.getBody().length, 200)));
		};
	}

	/**
	 * A worker that crashes or is stopped is interrupted. That is nothing the task did:
	 * the worker does not try it again, and gives it back.
	 */
	@Bean
	RabbitListenerRetrySettingsCustomizer attempts(WorkProperties properties) {
		return (settings) -> {
			settings.setMaxRetries((long) properties.maxAttempts() - 1);
			settings.setExceptionPredicate((cause) -> !isInterrupted(cause));
		};
	}

	private static boolean isInterrupted(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof InterruptedException) {
				return true;
			}
		}
		return false;
	}

	private static Message withoutRouting(Message message) {
		message.getMessageProperties().setExpiration(null);
		message.getMessageProperties().getHeaders().keySet().removeAll(ROUTING_HEADERS);
		return message;
	}

}
