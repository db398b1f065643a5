package dev.warren.messaging.publish;

import java.io.IOException;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Return;
import com.rabbitmq.client.ShutdownSignalException;
import org.jspecify.annotations.Nullable;

/**
 * One AMQP channel in confirm mode and the messages published on it that the broker has
 * not confirmed, by their delivery tags, as in RabbitMQ tutorial 7.
 * <p>
 * One thread publishes; the connection's own thread confirms.
 */
final class ConfirmChannel {

	/**
	 * How long a nacked message waits for its return. RabbitMQ returns an unroutable
	 * message and then acks it; a bare Qpid Broker-J nacks it and then returns it.
	 */
	private static final long RETURN_GRACE = TimeUnit.MILLISECONDS.toNanos(250);

	private final Channel channel;

	private final ConcurrentNavigableMap<Long, Publication> unconfirmed = new ConcurrentSkipListMap<>();

	private final Queue<Nacked> nacked = new ConcurrentLinkedQueue<>();

	private long published;

	ConfirmChannel(Connection connection) throws IOException {
		Channel channel = connection.createChannel();
		if (channel == null) {
			throw new IOException("the connection has no channel left");
		}
		this.channel = channel;
		this.channel.addConfirmListener(this::acked, this::nacked);
		this.channel.addReturnListener(this::returned);
		this.channel.addShutdownListener(this::closed);
		this.channel.confirmSelect();
	}

	boolean isOpen() {
		return this.channel.isOpen();
	}

	boolean isIdle() {
		return this.unconfirmed.isEmpty() && this.nacked.isEmpty();
	}

	/**
	 * Writes the message to the socket, which blocks while the broker does not read.
	 * @param publication the message
	 * @throws IOException if the channel has closed
	 * @throws IllegalArgumentException if the message cannot be encoded; nothing was sent
	 */
	void publish(Publication publication) throws IOException {
		long deliveryTag = this.published + 1;
		this.unconfirmed.put(deliveryTag, publication);
		try {
			this.channel.basicPublish(publication.exchange(), publication.routingKey(), true, publication.properties(),
					publication.body());
			this.published = deliveryTag;
		}
		catch (IllegalArgumentException ex) {
			// Counted by the client, not by the broker: its own numbering is off from
			// here on, which is why this class keeps one.
			this.unconfirmed.remove(deliveryTag);
			throw ex;
		}
	}

	void expire(long nanoTime) {
		for (Map.Entry<Long, Publication> entry : this.unconfirmed.entrySet()) {
			if (!entry.getValue().isOverdue(nanoTime)) {
				break;
			}
			this.unconfirmed.remove(entry.getKey());
			entry.getValue()
				.fail(new UnconfirmedException("The broker did not confirm " + entry.getValue() + " in time", null));
		}
		for (Nacked head = this.nacked.peek(); head != null
				&& nanoTime - head.since() >= RETURN_GRACE; head = this.nacked.peek()) {
			this.nacked.remove(head);
			head.fail();
		}
	}

	/**
	 * Closes the channel; what is not confirmed by then fails.
	 */
	void close() {
		failUnconfirmed("closed by this side");
		try {
			this.channel.abort();
		}
		catch (IOException ex) {
			// abort() swallows what goes wrong on the wire; the channel is of no use
			// either way.
		}
	}

	void failUnconfirmed(String reason) {
		failUnconfirmed(reason, null);
	}

	private void acked(long deliveryTag, boolean multiple) {
		if (!multiple) {
			Publication publication = this.unconfirmed.remove(deliveryTag);
			if (publication != null) {
				publication.complete(Confirmation.ROUTED);
			}
			return;
		}
		ConcurrentNavigableMap<Long, Publication> acked = this.unconfirmed.headMap(deliveryTag, true);
		acked.values().forEach((publication) -> publication.complete(Confirmation.ROUTED));
		acked.clear();
	}

	private void nacked(long deliveryTag, boolean multiple) {
		ConcurrentNavigableMap<Long, Publication> nacked = this.unconfirmed.subMap(multiple ? 0L : deliveryTag, true,
				deliveryTag, true);
		long now = System.nanoTime();
		nacked.values().forEach((publication) -> this.nacked.add(new Nacked(publication, now)));
		nacked.clear();
	}

	// A returned message is among the oldest: the broker answers in order. Its id alone
	// does not tell which one it is: a copy of another's message keeps the id.
	private void returned(Return returned) {
		Stream.concat(this.nacked.stream().map(Nacked::publication), this.unconfirmed.values().stream())
			.filter((publication) -> !publication.isDone() && publication.isReturnedAs(returned))
			.findFirst()
			.ifPresent((publication) -> publication.complete(Confirmation.RETURNED));
	}

	private void closed(ShutdownSignalException cause) {
		failUnconfirmed(String.valueOf(cause.getMessage()), cause);
	}

	private void failUnconfirmed(String reason, @Nullable ShutdownSignalException cause) {
		for (Map.Entry<Long, Publication> entry : this.unconfirmed.entrySet()) {
			this.unconfirmed.remove(entry.getKey());
			entry.getValue()
				.fail(new UnconfirmedException(
						"The channel closed before the broker confirmed " + entry.getValue() + ": " + reason, cause));
		}
		for (Nacked head = this.nacked.poll(); head != null; head = this.nacked.poll()) {
			head.fail();
		}
	}

	private record Nacked(Publication publication, long since) {

		void fail() {
			this.publication.fail(new UnconfirmedException("The broker refused " + this.publication, null));
		}

	}

}
