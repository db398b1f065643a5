package dev.warren.rpc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import dev.warren.test.BrokerUnderTest;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Another program on the same broker: a client, or a server that answers when the test
 * says so.
 */
final class Stranger implements AutoCloseable {

	private static final long PATIENCE_SECONDS = 30;

	private final Connection connection;

	private final Channel channel;

	private final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();

	private @Nullable String consumerTag;

	Stranger(BrokerUnderTest broker) throws Exception {
		this.connection = broker.connect();
		this.channel = this.connection.createChannel();
	}

	Channel channel() {
		return this.channel;
	}

	int ready() throws Exception {
		return this.channel.queueDeclare("rpc_queue", false, false, false, null).getMessageCount();
	}

	void awaitConsumers(int count) {
		await()
			.until(() -> this.channel.queueDeclare("rpc_queue", false, false, false, null).getConsumerCount() == count);
	}

	/**
	 * Takes requests, as many as come.
	 */
	Stranger serve() throws Exception {
		this.channel.queueDeclare("rpc_queue", false, false, false, null);
		consume("rpc_queue", false);
		return this;
	}

	void consume(String queue, boolean autoAck) throws Exception {
		this.consumerTag = this.channel.basicConsume(queue, autoAck, (tag, delivery) -> this.deliveries.add(delivery),
				(tag) -> {
				});
	}

	/**
	 * Takes no more.
	 */
	void cancel() throws Exception {
		this.channel.basicCancel(this.consumerTag);
	}

	/**
	 * The next request, or reply.
	 */
	Delivery next() throws Exception {
		Delivery next = this.deliveries.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
		assertThat(next).as("a delivery").isNotNull();
		return next;
	}

	List<Delivery> next(int count) throws Exception {
		List<Delivery> all = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			all.add(next());
		}
		return all;
	}

	/**
	 * Replies to a request as the tutorials' servers do.
	 */
	void reply(Delivery request, String text) throws Exception {
		this.channel.basicPublish("", request.getProperties().getReplyTo(),
				new AMQP.BasicProperties.Builder().correlationId(request.getProperties().getCorrelationId()).build(),
				text.getBytes(StandardCharsets.UTF_8));
		this.channel.basicAck(request.getEnvelope().getDeliveryTag(), false);
	}

	/**
	 * Declares a reply queue, consumes from it, and tells its name.
	 */
	String replyQueue() throws Exception {
		String queue = this.channel.queueDeclare().getQueue();
		consume(queue, true);
		return queue;
	}

	void request(byte[] body, AMQP.@Nullable BasicProperties properties) throws Exception {
		this.channel.basicPublish("", "rpc_queue", properties, body);
	}

	void request(String body, @Nullable String replyTo, @Nullable String correlationId) throws Exception {
		request(body.getBytes(StandardCharsets.UTF_8),
				new AMQP.BasicProperties.Builder().replyTo(replyTo).correlationId(correlationId).build());
	}

	static String text(Delivery delivery) {
		return new String(delivery.getBody(), StandardCharsets.UTF_8);
	}

	static @Nullable String header(Delivery delivery, String name) {
		Map<String, Object> headers = delivery.getProperties().getHeaders();
		Object value = (headers != null) ? headers.get(name) : null;
		return (value != null) ? value.toString() : null;
	}

	@Override
	public void close() throws IOException {
		this.connection.close();
	}

}
