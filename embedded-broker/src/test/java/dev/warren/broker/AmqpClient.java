package dev.warren.broker;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.io.IOException;

import com.rabbitmq.client.AMQP.Queue;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import org.jspecify.annotations.Nullable;

/**
 * A connection and channel of the RabbitMQ Java client.
 */
public final class AmqpClient implements AutoCloseable {

	private static final long CONFIRM_TIMEOUT_MILLIS = 30_000;

	private static final int CLOSE_TIMEOUT_MILLIS = 10_000;

	private final Connection connection;

	private final Channel channel;

	private AmqpClient(Connection connection) throws Exception {
		this.connection = connection;
		this.channel = connection.createChannel();
	}

	public static AmqpClient connect(String uri) throws Exception {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setAutomaticRecoveryEnabled(false);
		factory.setUri(uri);
		return new AmqpClient(factory.newConnection());
	}

	public Channel channel() {
		return this.channel;
	}

	public Queue.DeclareOk declare(String queue) throws Exception {
		return this.channel.queueDeclare(queue, true, false, false, null);
	}

	/**
	 * Publishes persistent messages and returns when the broker has confirmed them all.
	 */
	public void publishConfirmed(String exchange, String routingKey, List<String> texts) throws Exception {
		this.channel.confirmSelect();
		for (String text : texts) {
			this.channel.basicPublish(exchange, routingKey, MessageProperties.PERSISTENT_TEXT_PLAIN,
					text.getBytes(StandardCharsets.UTF_8));
		}
		this.channel.waitForConfirmsOrDie(CONFIRM_TIMEOUT_MILLIS);
	}

	/**
	 * Takes all the messages that are in the queue.
	 */
	public List<String> drain(String queue) throws IOException {
		List<String> texts = new ArrayList<>();
		GetResponse last = null;
		for (GetResponse next = get(queue); next != null; next = get(queue)) {
			texts.add(new String(next.getBody(), StandardCharsets.UTF_8));
			last = next;
		}
		if (last != null) {
			// One acknowledgement for all: the disk store syncs once.
			this.channel.basicAck(last.getEnvelope().getDeliveryTag(), true);
		}
		return texts;
	}

	private @Nullable GetResponse get(String queue) throws IOException {
		return this.channel.basicGet(queue, false);
	}

	/**
	 * Closes the connection, and bears that the broker may just have been killed.
	 */
	@Override
	public void close() {
		this.connection.abort(CLOSE_TIMEOUT_MILLIS);
	}

}
