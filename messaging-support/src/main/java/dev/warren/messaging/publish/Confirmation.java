package dev.warren.messaging.publish;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

import org.springframework.amqp.rabbit.connection.CorrelationData;

/**
 * The broker's word that it has taken charge of a message.
 *
 * @param routed whether the message reached at least one queue; {@code false} when the
 * broker returned it ({@code basic.return}, reply code 312 {@code NO_ROUTE})
 */
public record Confirmation(boolean routed) {

	/**
	 * How long the broker may take to confirm a message.
	 */
	public static final Duration TIMEOUT = Duration.ofSeconds(5);

	// The broker closed the channel over the message (404 NOT_FOUND), and has not kept
	// it.
	private static final String NO_EXCHANGE = "reply-code=404";

	static final Confirmation ROUTED = new Confirmation(true);

	static final Confirmation RETURNED = new Confirmation(false);

	/**
	 * What becomes of a message that was sent with this correlation, by a template that
	 * has correlated confirms and sends mandatory messages (RabbitMQ tutorial 7,
	 * publisher confirms).
	 * @param correlation what the message was sent with
	 * @return completes when the broker has confirmed the message, or exceptionally with
	 * an {@link UnconfirmedException} when it refused the message, or did not confirm it
	 * within {@link #TIMEOUT}, or the connection was lost before it could, or with a
	 * {@link NotRoutedException} when there is no such exchange
	 */
	public static CompletableFuture<Confirmation> of(CorrelationData correlation) {
		// A copy: who gives up waiting does not complete Spring's own.
		return correlation.getFuture()
			.copy()
			.orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
			.handle((confirm, failure) -> {
				if (confirm == null) {
					throw new UnconfirmedException(unconfirmed(failure), failure);
				}
				if (!confirm.ack() && confirm.reason() != null && confirm.reason().contains(NO_EXCHANGE)) {
					throw new NotRoutedException("There is no such exchange: " + confirm.reason());
				}
				if (!confirm.ack()) {
					throw new UnconfirmedException("The broker did not take the message"
							+ ((confirm.reason() != null) ? ": " + confirm.reason() : ""), null);
				}
				return (correlation.getReturned() != null) ? RETURNED : ROUTED;
			});
	}

	private static String unconfirmed(@Nullable Throwable failure) {
		Throwable cause = (failure instanceof CompletionException) ? failure.getCause() : failure;
		return (cause instanceof TimeoutException)
				? "The broker did not confirm the message within %d s".formatted(TIMEOUT.toSeconds())
				: "The broker did not confirm the message: " + cause;
	}

	/**
	 * This confirmation, of a message that must reach a queue.
	 * @return this confirmation
	 * @throws NotRoutedException if the message reached none
	 */
	public Confirmation requireRouted() {
		if (!this.routed) {
			throw new NotRoutedException("No queue takes the message; the broker has returned it");
		}
		return this;
	}

}
