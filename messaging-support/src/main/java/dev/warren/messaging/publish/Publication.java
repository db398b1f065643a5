package dev.warren.messaging.publish;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Return;

/**
 * One message on its way to the broker's confirm.
 *
 * @param exchange the exchange it is published to
 * @param routingKey its routing key
 * @param properties its properties; with the exchange and the routing key, the message id
 * tells it from the others when the broker returns it
 * @param body its body
 * @param deadline when it counts as unconfirmed, on the clock of
 * {@link System#nanoTime()}
 * @param confirmation completes with the broker's word, or with a
 * {@link PublishException}
 */
record Publication(String exchange, String routingKey, AMQP.BasicProperties properties, byte[] body, long deadline,
		CompletableFuture<Confirmation> confirmation) {

	boolean isOverdue(long nanoTime) {
		return nanoTime - this.deadline >= 0;
	}

	boolean isDone() {
		return this.confirmation.isDone();
	}

	boolean isReturnedAs(Return returned) {
		return this.exchange.equals(returned.getExchange()) && this.routingKey.equals(returned.getRoutingKey())
				&& Objects.equals(this.properties.getMessageId(), returned.getProperties().getMessageId());
	}

	void complete(Confirmation word) {
		this.confirmation.complete(word);
	}

	void fail(PublishException cause) {
		this.confirmation.completeExceptionally(cause);
	}

	@Override
	public String toString() {
		return "message '%s' to exchange '%s' with routing key '%s'".formatted(this.properties.getMessageId(),
				this.exchange, this.routingKey);
	}

}
