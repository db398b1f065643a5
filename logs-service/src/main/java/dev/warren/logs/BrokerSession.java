package dev.warren.logs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;

/**
 * A connection to the broker, for as long as it lasts, and the subscriptions' queues,
 * which belong to it. Not safe for use by several threads.
 * <p>
 * All receivers share one channel, so that a subscription costs neither a channel nor a
 * thread. A channel that the broker closes because it refuses something is lost to all
 * who use it; therefore what the broker may refuse is done on another one.
 * <p>
 * Lines are not acknowledged, as in the tutorials: the queue is gone with the connection,
 * so there is nothing to redeliver. What is in hand is bounded by the client, which stops
 * reading from the connection when a thousand deliveries wait.
 */
final class BrokerSession {

	private final Connection connection;

	private final Channel deliveries;

	private Channel topology;

	BrokerSession(Connection connection) throws IOException {
		this.connection = connection;
		this.deliveries = channel(connection);
		try {
			this.topology = channel(connection);
		}
		catch (IOException | RuntimeException ex) {
			// The connection is shared and may outlive this attempt.
			this.deliveries.abort();
			throw ex;
		}
	}

	private static Channel channel(Connection connection) throws IOException {
		Channel channel = connection.createChannel();
		if (channel == null) {
			throw new IOException("the connection has no channel left");
		}
		return channel;
	}

	boolean isOpen() {
		return this.deliveries.isOpen();
	}

	/**
	 * Gives a subscription a queue and begins to receive.
	 * @throws IOException if the broker refuses, in which case no queue remains, or
	 * cannot be reached
	 */
	void open(Subscription subscription) throws IOException {
		String queue = declareQueue(subscription.exchange(), subscription.bindings());
		Receiver receiver = new Receiver(this.deliveries, subscription);
		subscription.attach(queue, receiver);
		try {
			this.deliveries.basicConsume(queue, true, subscription.id(), receiver);
		}
		catch (IOException | RuntimeException ex) {
			abort();
			throw ex;
		}
	}

	private String declareQueue(LogExchange exchange, List<Binding> bindings) throws IOException {
		try {
			topology().exchangeDeclare(exchange.exchange(), exchange.exchangeType());
			// The name is the broker's: not durable, exclusive, auto-delete.
			String queue = topology().queueDeclare().getQueue();
			try {
				for (Binding binding : bindings) {
					bind(queue, exchange, binding);
				}
				return queue;
			}
			catch (IOException | RuntimeException ex) {
				if (isRefusal(ex)) {
					topology().queueDelete(queue);
				}
				throw ex;
			}
		}
		catch (IOException | RuntimeException ex) {
			abortUnlessRefused(ex);
			throw ex;
		}
	}

	/**
	 * Changes the bindings of a queue: first adds, then removes, so that what matches
	 * both before and after is never missed.
	 * @throws IOException if the broker refuses, in which case the bindings are as they
	 * were, or cannot be reached
	 */
	void rebind(String queue, LogExchange exchange, List<Binding> before, List<Binding> after) throws IOException {
		List<Binding> added = new ArrayList<>(after);
		added.removeAll(before);
		List<Binding> removed = new ArrayList<>(before);
		removed.removeAll(after);
		try {
			try {
				for (Binding binding : added) {
					bind(queue, exchange, binding);
				}
			}
			catch (IOException | RuntimeException ex) {
				if (isRefusal(ex)) {
					unbind(queue, exchange, added);
				}
				throw ex;
			}
			unbind(queue, exchange, removed);
		}
		catch (IOException | RuntimeException ex) {
			abortUnlessRefused(ex);
			throw ex;
		}
	}

	private void bind(String queue, LogExchange exchange, Binding binding) throws IOException {
		topology().queueBind(queue, exchange.exchange(), binding.key(), binding.headers());
	}

	private void unbind(String queue, LogExchange exchange, List<Binding> bindings) throws IOException {
		for (Binding binding : bindings) {
			topology().queueUnbind(queue, exchange.exchange(), binding.key(), binding.headers());
		}
	}

	/**
	 * Stops receiving for a subscription. With its only consumer the queue goes.
	 */
	void end(Subscription subscription) {
		try {
			this.deliveries.basicCancel(subscription.id());
		}
		catch (IOException | ShutdownSignalException ex) {
			abort();
		}
	}

	private Channel topology() throws IOException {
		if (!this.topology.isOpen()) {
			this.topology = channel(this.connection);
		}
		return this.topology;
	}

	/**
	 * Whether the broker has refused something and closed only the channel for it.
	 */
	static boolean isRefusal(Exception failure) {
		ShutdownSignalException signal = (failure instanceof ShutdownSignalException own) ? own
				: (failure.getCause() instanceof ShutdownSignalException cause) ? cause : null;
		return signal != null && !signal.isHardError() && !signal.isInitiatedByApplication()
				&& signal.getReason() instanceof AMQP.Channel.Close;
	}

	// Where nobody knows what the broker has done, the connection is given up, and with
	// it everything that may be half-made.
	private void abortUnlessRefused(Exception failure) {
		if (!isRefusal(failure)) {
			abort();
		}
	}

	private void abort() {
		this.connection.abort(1000);
	}

	/**
	 * Stops receiving; the queues go.
	 */
	void close() {
		try {
			this.deliveries.abort();
			this.topology.abort();
		}
		catch (IOException ex) {
			// abort() swallows what goes wrong on the wire.
		}
	}

}
