package dev.warren.postbox;

import java.io.IOException;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.messaging.publish.ConfirmedPublisher;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.stereotype.Component;

/**
 * Opens channels, all on one connection, which is not the one that publishes: a broker
 * that stops reading from publishers still lets letters be collected.
 */
@Component
class BrokerChannels {

	private final ConnectionFactory connectionFactory;

	private final ConfirmedPublisher publisher;

	private volatile @Nullable Connection current;

	BrokerChannels(ConnectionFactory connectionFactory, ConfirmedPublisher publisher) {
		this.connectionFactory = connectionFactory;
		this.publisher = publisher;
	}

	/**
	 * Whether there is a connection, or would be one.
	 */
	boolean isAvailable() {
		Connection current = this.current;
		return current != null && current.isOpen() || this.publisher.broker() != null;
	}

	/**
	 * The connection, opened if need be.
	 * @throws ProblemException if the publisher, which keeps trying, has none either:
	 * callers do not wait for a broker that is away
	 * @throws AmqpException if it cannot be opened
	 */
	Connection connection() throws IOException {
		Connection current = this.current;
		if (current != null && current.isOpen()) {
			return current;
		}
		if (this.publisher.broker() == null) {
			throw new ProblemException(ProblemType.BROKER_UNAVAILABLE,
					"No connection to the broker: " + this.publisher.lastError());
		}
		Connection connection = this.connectionFactory.createConnection().getDelegate();
		if (connection == null) {
			throw new IOException("the connection closed as it was opened");
		}
		this.current = connection;
		return connection;
	}

	/**
	 * Opens a channel, which is the caller's to close.
	 */
	Channel open() throws IOException {
		Channel channel = connection().createChannel();
		if (channel == null) {
			throw new ProblemException(ProblemType.BUSY, "The connection to the broker has no channel left");
		}
		return channel;
	}

	/**
	 * Closes a channel. What was delivered on it and not acknowledged goes back.
	 */
	static void close(Channel channel) {
		try {
			channel.abort();
		}
		catch (IOException ex) {
			// abort() swallows what goes wrong on the wire.
		}
	}

	/**
	 * The reply code with which the broker refused something and closed the channel, such
	 * as {@link AMQP#NOT_FOUND}, or 0 if that is not what happened.
	 */
	static int refusal(Exception failure) {
		AMQP.Channel.Close close = close(failure);
		return (close != null) ? close.getReplyCode() : 0;
	}

	/**
	 * Why something failed, in the broker's words if it has said so.
	 */
	static String reason(Exception failure) {
		AMQP.Channel.Close close = close(failure);
		return (close != null) ? close.getReplyText() : String.valueOf(failure.getMessage());
	}

	private static AMQP.Channel.@Nullable Close close(Exception failure) {
		ShutdownSignalException signal = (failure instanceof ShutdownSignalException own) ? own
				: (failure.getCause() instanceof ShutdownSignalException cause) ? cause : null;
		return (signal != null && signal.getReason() instanceof AMQP.Channel.Close close) ? close : null;
	}

}
