package dev.warren.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConfirmCallback;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;

/**
 * What the services are measured against: the RabbitMQ Java client as tutorials 2 and 7
 * use it, with nothing around it.
 */
final class RawClient implements AutoCloseable {

	static final String QUEUE = "task_queue";

	private static final int WINDOW = 1000;

	private final Connection connection;

	RawClient(String uri) throws Exception {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setUri(uri);
		this.connection = factory.newConnection();
	}

	/**
	 * Publishes persistent messages with asynchronous confirms, with the properties the
	 * service gives a task.
	 * @return how long it took, in nanoseconds
	 */
	long publish(int count, String text) throws Exception {
		byte[] body = text.getBytes(StandardCharsets.UTF_8);
		try (Channel channel = this.connection.createChannel()) {
			channel.confirmSelect();
			ConcurrentNavigableMap<Long, byte[]> outstanding = new ConcurrentSkipListMap<>();
			Semaphore window = new Semaphore(WINDOW);
			ConfirmCallback confirmed = (deliveryTag, multiple) -> {
				if (multiple) {
					ConcurrentNavigableMap<Long, byte[]> all = outstanding.headMap(deliveryTag, true);
					int size = all.size();
					all.clear();
					window.release(size);
				}
				else if (outstanding.remove(deliveryTag) != null) {
					window.release();
				}
			};
			channel.addConfirmListener(confirmed, (deliveryTag, multiple) -> {
				throw new IOException("nacked: " + deliveryTag);
			});
			long start = System.nanoTime();
			for (int i = 0; i < count; i++) {
				window.acquire();
				outstanding.put(channel.getNextPublishSeqNo(), body);
				channel.basicPublish("", QUEUE, true, properties(i), body);
			}
			window.acquire(WINDOW);
			return System.nanoTime() - start;
		}
	}

	private static AMQP.BasicProperties properties(int index) {
		return new AMQP.BasicProperties.Builder().contentType("text/plain")
			.contentEncoding("UTF-8")
			.deliveryMode(2)
			.messageId("1b7f2ff5-0c3c-9f3a-6d56-6a4a1b2b7e1a-" + index)
			.timestamp(new Date())
			.appId("benchmark")
			.build();
	}

	/**
	 * Consumes messages and acknowledges each.
	 * @return how long it took, in nanoseconds
	 */
	long consume(int count, int prefetch) throws Exception {
		try (Channel channel = this.connection.createChannel()) {
			channel.basicQos(prefetch);
			CountDownLatch left = new CountDownLatch(count);
			long start = System.nanoTime();
			channel.basicConsume(QUEUE, false, new DefaultConsumer(channel) {

				@Override
				public void handleDelivery(String consumerTag, Envelope envelope, AMQP.BasicProperties properties,
						byte[] body) throws IOException {
					channel.basicAck(envelope.getDeliveryTag(), false);
					left.countDown();
				}

			});
			left.await();
			return System.nanoTime() - start;
		}
	}

	void purge() throws Exception {
		try (Channel channel = this.connection.createChannel()) {
			channel.queuePurge(QUEUE);
		}
	}

	@Override
	public void close() throws IOException {
		this.connection.close();
	}

}
