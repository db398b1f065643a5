package dev.warren.logs;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.warren.messaging.message.Text;
import dev.warren.messaging.publish.ConfirmedPublisher;
import dev.warren.messaging.publish.UnconfirmedException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.task.TaskExecutor;
import org.springframework.stereotype.Component;
import org.springframework.util.AlternativeJdkIdGenerator;
import org.springframework.util.IdGenerator;

/**
 * Sends logs to the exchanges, as the tutorials' {@code emit_log} programs do. That
 * nobody is subscribed is no failure: the exchange drops the log.
 */
@Component
class Emitter {

	private static final Log logger = LogFactory.getLog(Emitter.class);

	private final ConfirmedPublisher publisher;

	private final AmqpAdmin admin;

	private final TaskExecutor executor;

	private final String appId;

	private final IdGenerator ids = new AlternativeJdkIdGenerator();

	Emitter(ConfirmedPublisher publisher, AmqpAdmin admin, TaskExecutor executor,
			@Value("${spring.application.name}") String appId) {
		this.publisher = publisher;
		this.admin = admin;
		this.executor = executor;
		this.appId = appId;
	}

	/**
	 * Sends a log.
	 * @param exchange where to
	 * @param routingKey its routing key
	 * @param headers its headers
	 * @param text its text
	 * @return completes once the broker has confirmed it
	 */
	CompletableFuture<EmittedLog> emit(LogExchange exchange, String routingKey,
			Map<String, ? extends @Nullable Object> headers, Text text) {
		String id = this.ids.generateId().toString();
		Message message = text.toMessage(id, this.appId);
		// No queue of a subscription outlives the broker.
		message.getMessageProperties().setDeliveryMode(MessageDeliveryMode.NON_PERSISTENT);
		headers.forEach(message.getMessageProperties()::setHeader);
		return this.publisher.publish(exchange.exchange(), routingKey, message).whenComplete((confirmed, failure) -> {
			if (failure instanceof UnconfirmedException
					|| failure instanceof CompletionException && failure.getCause() instanceof UnconfirmedException) {
				this.executor.execute(() -> declare(exchange));
			}
		})
			.thenApply(
					(confirmation) -> new EmittedLog(id, exchange.exchange(), routingKey, true, confirmation.routed()));
	}

	// The broker closes the channel on a message to an exchange that somebody has
	// deleted. The next log finds it again.
	private void declare(LogExchange exchange) {
		try {
			this.admin.declareExchange(LogsTopology.declaration(exchange));
		}
		catch (AmqpException ex) {
			logger.debug("The exchange was not declared", ex);
		}
	}

	/**
	 * A log that was sent.
	 *
	 * @param id its message id
	 * @param exchange the exchange
	 * @param routingKey its routing key
	 * @param confirmed that the broker has confirmed it
	 * @param routed whether it went to any queue
	 */
	record EmittedLog(String id, String exchange, String routingKey, boolean confirmed, boolean routed) {

	}

}
