package dev.warren.broker.rabbitmq;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A consumer that keeps what it gets until the test asks for it, in the order it came.
 */
class Deliveries extends DefaultConsumer {

	private final BlockingQueue<Delivery> received = new LinkedBlockingQueue<>();

	private final CountDownLatch cancelled = new CountDownLatch(1);

	private String tag = "";

	private Deliveries(Channel channel) {
		super(channel);
	}

	/**
	 * Consumes with explicit acknowledgements.
	 */
	static Deliveries from(Channel channel, String queue) throws IOException {
		return from(channel, queue, Map.of());
	}

	static Deliveries from(Channel channel, String queue, Map<String, Object> arguments) throws IOException {
		Deliveries deliveries = new Deliveries(channel);
		deliveries.tag = channel.basicConsume(queue, false, arguments, deliveries);
		return deliveries;
	}

	/**
	 * Gets what the channel's other consumers do not know of.
	 */
	static Deliveries byDefault(Channel channel) {
		Deliveries deliveries = new Deliveries(channel);
		channel.setDefaultConsumer(deliveries);
		return deliveries;
	}

	static Deliveries autoAcknowledged(Channel channel, String queue) throws IOException {
		Deliveries deliveries = new Deliveries(channel);
		deliveries.tag = channel.basicConsume(queue, true, deliveries);
		return deliveries;
	}

	/**
	 * The tag that the broker confirmed; the inherited one is set by another thread,
	 * later.
	 */
	@Override
	public String getConsumerTag() {
		return this.tag;
	}

	@Override
	public void handleDelivery(String consumerTag, Envelope envelope, BasicProperties properties, byte[] body) {
		this.received.add(new Delivery(envelope, properties, body));
	}

	@Override
	public void handleCancel(String consumerTag) {
		this.cancelled.countDown();
	}

	Delivery next() throws InterruptedException {
		Delivery delivery = this.received.poll(15, TimeUnit.SECONDS);
		assertThat(delivery).as("the next delivery").isNotNull();
		return delivery;
	}

	String nextText() throws InterruptedException {
		return text(next());
	}

	List<String> nextTexts(int count) throws InterruptedException {
		List<String> texts = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			texts.add(nextText());
		}
		return texts;
	}

	/**
	 * Only after something that the broker sends later than what must not come.
	 */
	void assertNoMore() {
		assertThat(this.received).extracting(Deliveries::text).as("deliveries nobody expected").isEmpty();
	}

	void awaitCancel() throws InterruptedException {
		assertThat(this.cancelled.await(15, TimeUnit.SECONDS)).as("a basic.cancel from the broker").isTrue();
	}

	boolean isCancelled() {
		return this.cancelled.getCount() == 0;
	}

	static String text(Delivery delivery) {
		return new String(delivery.getBody(), StandardCharsets.UTF_8);
	}

	static long tag(Delivery delivery) {
		return delivery.getEnvelope().getDeliveryTag();
	}

}
