package dev.warren.postbox;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The record of all boxes, while this channel is the active consumer of its queue. Not
 * safe for use by several threads.
 * <p>
 * All is done on the one channel that holds the lock: what is published on it after the
 * broker has given the lock to somebody else does not arrive.
 */
final class RegistrySession implements AutoCloseable {

	private static final long TIMEOUT_MILLIS = 5000;

	private static final String RECORD = "boxes";

	private static final String MARK = "mark";

	/**
	 * RabbitMQ 4 drops a message of a quorum queue that has gone back to it twenty times.
	 */
	private static final int MAX_DELIVERIES = 10;

	private final Channel channel;

	private final JsonMapper jsonMapper;

	private final Consumer<String> unreadable;

	private final BlockingQueue<Optional<Delivery>> deliveries = new LinkedBlockingQueue<>();

	private BoxRecord current = BoxRecord.NONE;

	private @Nullable Delivery held;

	private volatile boolean returned;

	/**
	 * Prepares a session.
	 * @param channel the channel, used for nothing else
	 * @param jsonMapper reads and writes the record
	 * @param unreadable is told why a record cannot be read, if one cannot
	 */
	RegistrySession(Channel channel, JsonMapper jsonMapper, Consumer<String> unreadable) {
		this.channel = channel;
		this.jsonMapper = jsonMapper;
		this.unreadable = unreadable;
	}

	/**
	 * Waits for the lock and reads the record.
	 * @param timeout how long it may wait for the lock, in nanoseconds
	 * @return whether it has the lock
	 * @throws IOException if the broker refuses or does not answer
	 */
	boolean open(long timeout) throws IOException, InterruptedException {
		this.channel.addReturnListener((undelivered) -> this.returned = true);
		this.channel.confirmSelect();
		this.channel.basicConsume(BoxRegistry.QUEUE, false, new Reader(this.channel));
		// The first delivery says that this is the active consumer, so there has to be
		// one, also when there has never been a record.
		mark();
		Optional<Delivery> first = this.deliveries.poll(timeout, TimeUnit.NANOSECONDS);
		if (first == null) {
			return false;
		}
		read(deliveryOrGone(first));
		return true;
	}

	/**
	 * The record as it is.
	 */
	BoxRecord current() {
		return this.current;
	}

	private String mark() throws IOException {
		String mark = UUID.randomUUID().toString();
		this.channel.basicPublish("", BoxRegistry.QUEUE, true,
				new AMQP.BasicProperties.Builder().type(MARK).messageId(mark).build(), new byte[0]);
		return mark;
	}

	// A queue does not tell its consumer that it is at its end, so a mark does.
	private void read(Delivery first) throws IOException, InterruptedException {
		String end = mark();
		List<Delivery> outdated = new ArrayList<>();
		Delivery next = first;
		while (!end.equals(next.getProperties().getMessageId())) {
			BoxRecord read = read(next.getProperties(), next.getBody());
			if (MARK.equals(next.getProperties().getType())) {
				outdated.add(next);
			}
			else if (read != null && read.revision() > this.current.revision()) {
				if (this.held != null) {
					outdated.add(this.held);
				}
				this.current = read;
				this.held = next;
			}
			else if (read != null) {
				outdated.add(next);
			}
			next = next();
		}
		outdated.add(next);
		for (Delivery delivery : outdated) {
			this.channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
		}
		if (this.held != null && deliveries(this.held) >= MAX_DELIVERIES) {
			write(new BoxRecord(this.current.revision() + 1, this.current.boxes()));
		}
	}

	// What somebody else has put there stays there.
	private @Nullable BoxRecord read(AMQP.BasicProperties properties, byte[] body) {
		if (!RECORD.equals(properties.getType())) {
			return null;
		}
		try {
			return this.jsonMapper.readValue(body, BoxRecord.class);
		}
		catch (JacksonException ex) {
			this.unreadable.accept(ex.getOriginalMessage());
			return null;
		}
	}

	private static long deliveries(Delivery delivery) {
		Map<String, Object> headers = delivery.getProperties().getHeaders();
		return (headers != null && headers.get("x-delivery-count") instanceof Number count) ? count.longValue() : 0;
	}

	/**
	 * Changes the record: first there are the new and the old one, of which the new one
	 * counts, and then only the new one.
	 * @throws IOException if it is not certain that it was changed
	 */
	void write(BoxRecord changed) throws IOException {
		try {
			this.channel.basicPublish("", BoxRegistry.QUEUE, true,
					new AMQP.BasicProperties.Builder().type(RECORD)
						.contentType("application/json")
						.deliveryMode(2)
						.build(),
					this.jsonMapper.writeValueAsBytes(changed));
			if (!this.channel.waitForConfirms(TIMEOUT_MILLIS) || this.returned) {
				throw new IOException("the broker did not take the record of the boxes");
			}
			if (this.held != null) {
				this.channel.basicAck(this.held.getEnvelope().getDeliveryTag(), false);
			}
			this.current = changed;
			Delivery written = next();
			while (!Objects.equals(read(written.getProperties(), written.getBody()), changed)) {
				written = next();
			}
			this.held = written;
		}
		catch (TimeoutException ex) {
			throw new IOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException(ex);
		}
	}

	private Delivery next() throws IOException, InterruptedException {
		Optional<Delivery> next = this.deliveries.poll(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
		if (next == null) {
			throw new IOException("the broker does not deliver the record of the boxes");
		}
		return deliveryOrGone(next);
	}

	private static Delivery deliveryOrGone(Optional<Delivery> delivery) throws IOException {
		return delivery
			.orElseThrow(() -> new IOException("the queue '%s' or the channel is gone".formatted(BoxRegistry.QUEUE)));
	}

	/**
	 * Puts the record back and gives up the lock.
	 */
	@Override
	public void close() {
		BrokerChannels.close(this.channel);
	}

	private final class Reader extends DefaultConsumer {

		Reader(Channel channel) {
			super(channel);
		}

		@Override
		public void handleDelivery(String consumerTag, Envelope envelope, AMQP.BasicProperties properties,
				byte[] body) {
			RegistrySession.this.deliveries.add(Optional.of(new Delivery(envelope, properties, body)));
		}

		@Override
		public void handleCancel(String consumerTag) {
			RegistrySession.this.deliveries.add(Optional.empty());
		}

		@Override
		public void handleShutdownSignal(String consumerTag, ShutdownSignalException signal) {
			RegistrySession.this.deliveries.add(Optional.empty());
		}

	}

}
