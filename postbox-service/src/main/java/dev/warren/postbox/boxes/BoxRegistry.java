package dev.warren.postbox.boxes;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.messaging.broker.QueueProperties;
import dev.warren.messaging.broker.Topology;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.postbox.PostBox;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.rabbit.connection.RabbitUtils;
import org.springframework.amqp.rabbit.support.RabbitExceptionTranslator;
import org.springframework.context.annotation.Bean;
import org.springframework.stereotype.Component;

/**
 * Which boxes there are, kept on the broker, since AMQP cannot list queues and the
 * service has no database: a record of each box, in the queue {@value #QUEUE}.
 * <p>
 * Anybody can write to a queue, so what makes a message a record is how it got there. For
 * as long as there is a box, the queue is bound to the exchange {@value #EXCHANGE} by a
 * header that has the box's name and keys, and its record is a message with that header,
 * which came through that exchange: the broker has compared the two. Who publishes to the
 * exchange can only repeat what a service wrote, and what is published to the queue, as
 * through the default exchange, is no record, and is dropped when somebody meets it. Nor
 * can it be large: a record has no body, and the queue takes none.
 * <p>
 * Whoever reads or changes the records is the queue's active consumer for so long, of
 * which there is one ({@code x-single-active-consumer}): all take turns, in whatever
 * instance. When the channel closes, for whatever reason, the broker puts back what was
 * not acknowledged, and the next consumer becomes the active one. An exclusive consumer
 * would do as well, but RabbitMQ's quorum queues do not know any.
 */
@Component
class BoxRegistry {

	static final String QUEUE = "postbox_boxes";

	static final String EXCHANGE = "amq.headers";

	private static final String HEADER = "box";

	private static final long MAX_WAIT_MILLIS = 5000;

	private final PostBox channels;

	private final Topology topology;

	private final JsonMapper jsonMapper;

	BoxRegistry(PostBox channels, Topology topology, JsonMapper jsonMapper) {
		this.channels = channels;
		this.topology = topology;
		this.jsonMapper = jsonMapper;
	}

	// A quorum queue notices that it is too large when it is, and then refuses marks,
	// too. And RabbitMQ 4 drops from it what has gone back twenty times.
	@Bean
	static Queue registryQueue(QueueProperties queues) {
		QueueBuilder queue = queues.durable(QUEUE).singleActiveConsumer();
		return (queue.build().getArguments().containsKey("x-queue-type") ? queue.deliveryLimit(Integer.MAX_VALUE)
				: queue.maxLengthBytes(0).overflow(QueueBuilder.Overflow.rejectPublish))
			.build();
	}

	/**
	 * Does something while nobody else reads or changes the records.
	 * @throws ProblemException if others do for too long
	 * @throws org.springframework.amqp.AmqpException if the broker cannot be reached or
	 * refuses
	 */
	<T> T inTurn(Task<T> task) {
		this.topology.initialize();
		Channel channel = null;
		try {
			channel = this.channels.openChannel();
			return task.run(new Turn(channel));
		}
		catch (IOException | TimeoutException | ShutdownSignalException | AmqpException ex) {
			throw Refusal.of(ex)
				.<RuntimeException>map((refusal) -> Refusal.conflict("The broker refuses: " + refusal.getReplyText()))
				.orElseGet(() -> RabbitExceptionTranslator.convertRabbitAccessException(ex));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw RabbitExceptionTranslator.convertRabbitAccessException(ex);
		}
		finally {
			RabbitUtils.closeChannel(channel);
		}
	}

	private @Nullable Box read(Delivery delivery) {
		Map<String, Object> headers = delivery.getProperties().getHeaders();
		if (!delivery.getEnvelope().getExchange().equals(EXCHANGE) || headers == null) {
			return null;
		}
		try {
			return this.jsonMapper.readValue(String.valueOf(headers.get(HEADER)), Box.class);
		}
		catch (JacksonException ex) {
			return null;
		}
	}

	private Map<String, Object> header(Box box) {
		return Map.of(HEADER, this.jsonMapper.writeValueAsString(box));
	}

	/**
	 * What is done in a turn.
	 *
	 * @param <T> what it results in
	 */
	@FunctionalInterface
	interface Task<T> {

		T run(Turn turn) throws IOException, InterruptedException, TimeoutException;

	}

	/**
	 * The records, while this channel is the active consumer of their queue. What is done
	 * to them is certain on return. Not safe for use by several threads.
	 */
	final class Turn {

		private final Channel channel;

		private final BlockingQueue<Optional<Delivery>> deliveries = new LinkedBlockingQueue<>();

		private final Map<Box, Delivery> records = new LinkedHashMap<>();

		// The first delivery says that it is this channel's turn. A queue does not tell
		// its consumer that it is at its end, so a mark does; the mark is not
		// acknowledged, so that the next in turn has something to wait for.
		private Turn(Channel channel) throws IOException, InterruptedException {
			this.channel = channel;
			channel.confirmSelect();
			channel.basicConsume(QUEUE, false, (tag, delivery) -> this.deliveries.add(Optional.of(delivery)),
					(tag) -> this.deliveries.add(Optional.empty()),
					(tag, signal) -> this.deliveries.add(Optional.empty()));
			mark();
			Delivery next = next();
			String end = mark();
			while (!end.equals(next.getProperties().getMessageId())) {
				keep(next);
				next = next();
			}
		}

		private String mark() throws IOException {
			String mark = UUID.randomUUID().toString();
			publish("", new BasicProperties.Builder().messageId(mark));
			return mark;
		}

		private void publish(String exchange, BasicProperties.Builder properties) throws IOException {
			this.channel.basicPublish(exchange, QUEUE, properties.deliveryMode(2).build(), new byte[0]);
		}

		private Delivery next() throws IOException, InterruptedException {
			Optional<Delivery> next = this.deliveries.poll(MAX_WAIT_MILLIS, TimeUnit.MILLISECONDS);
			if (next == null) {
				throw new ProblemException(ProblemType.BUSY, "The boxes are being read or changed by others");
			}
			return next.orElseThrow(() -> new IOException("The broker ended the reading of the boxes"));
		}

		private void keep(Delivery delivery) throws IOException {
			Box box = read(delivery);
			if (box == null || this.records.putIfAbsent(box, delivery) != null) {
				acknowledge(delivery);
			}
		}

		private void acknowledge(Delivery delivery) throws IOException {
			this.channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
		}

		/**
		 * The boxes, in the order they were made.
		 */
		List<Box> boxes() {
			return List.copyOf(this.records.keySet());
		}

		/**
		 * Writes down a box.
		 */
		void write(Box box) throws IOException, InterruptedException, TimeoutException {
			this.channel.queueBind(QUEUE, EXCHANGE, "", header(box));
			publish(EXCHANGE, new BasicProperties.Builder().headers(header(box)));
			awaitConfirms();
			while (!this.records.containsKey(box)) {
				keep(next());
			}
		}

		/**
		 * Crosses out a box.
		 */
		void remove(Box box) throws IOException, InterruptedException, TimeoutException {
			Delivery record = this.records.remove(box);
			if (record != null) {
				this.channel.queueUnbind(QUEUE, EXCHANGE, "", header(box));
				acknowledge(record);
				// An acknowledgement has no answer; what is sent after it has.
				mark();
				awaitConfirms();
			}
		}

		private void awaitConfirms() throws IOException, InterruptedException, TimeoutException {
			if (!this.channel.waitForConfirms(MAX_WAIT_MILLIS)) {
				throw new IOException("The broker did not take the record of a box");
			}
		}

	}

}
