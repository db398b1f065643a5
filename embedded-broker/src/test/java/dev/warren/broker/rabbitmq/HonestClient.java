package dev.warren.broker.rabbitmq;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.MessageProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A client that minds its own business: it publishes with confirms, and consumes from its
 * own queue on a connection of its own. Each message must be confirmed and come back, in
 * order, and no connection may be blocked or closed.
 */
final class HonestClient {

	private static final long NANOS_BETWEEN_MESSAGES = TimeUnit.MILLISECONDS.toNanos(2);

	private final Channel publisher;

	private final Channel consumer;

	private final String queue;

	private final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();

	private final Queue<String> blocked = new ConcurrentLinkedQueue<>();

	private long number;

	private long[] nanos = new long[1024];

	private int count;

	HonestClient(TestClient client) throws Exception {
		Connection connection = client.connect();
		connection.addBlockedListener(this.blocked::add, () -> {
		});
		this.publisher = connection.createChannel();
		this.consumer = client.stranger();
		this.queue = TestClient.unique("honest");
		this.publisher.queueDeclare(this.queue, true, false, false, null);
		this.publisher.confirmSelect();
		this.consumer.basicConsume(this.queue, false, (tag, delivery) -> {
			this.deliveries.add(delivery);
			this.consumer.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
		}, (tag) -> this.blocked.add("cancelled"));
	}

	/**
	 * Works for so long.
	 * @return how long 99 % of the messages took at most, until they were both confirmed
	 * and back
	 */
	Duration work(Duration length) throws Exception {
		this.count = 0;
		long end = System.nanoTime() + length.toNanos();
		while (System.nanoTime() < end) {
			oneMessage();
			LockSupport.parkNanos(NANOS_BETWEEN_MESSAGES);
		}
		assertThat(this.blocked).as("blocked or cancelled").isEmpty();
		assertThat(this.deliveries).as("deliveries nobody expected").isEmpty();
		Arrays.sort(this.nanos, 0, this.count);
		return Duration.ofNanos(this.nanos[(int) (this.count * 0.99)]);
	}

	private void oneMessage() throws Exception {
		byte[] body = ByteBuffer.allocate(Long.BYTES).putLong(++this.number).array();
		long start = System.nanoTime();
		this.publisher.basicPublish("", this.queue, true, MessageProperties.PERSISTENT_BASIC, body);
		this.publisher.waitForConfirmsOrDie(30_000);
		Delivery delivery = this.deliveries.poll(30, TimeUnit.SECONDS);
		note(System.nanoTime() - start);
		assertThat(delivery).as("message %d", this.number).isNotNull();
		assertThat(ByteBuffer.wrap(delivery.getBody()).getLong()).isEqualTo(this.number);
		assertThat(delivery.getEnvelope().isRedeliver()).as("redelivered").isFalse();
	}

	private void note(long taken) {
		if (this.count == this.nanos.length) {
			this.nanos = Arrays.copyOf(this.nanos, 2 * this.count);
		}
		this.nanos[this.count++] = taken;
	}

	int messages() {
		return this.count;
	}

	void deleteQueue() throws IOException {
		assertThat(this.publisher.queueDelete(this.queue).getMessageCount()).isZero();
	}

}
