package dev.warren.workqueue;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import org.jspecify.annotations.Nullable;

/**
 * A consumer and what it was delivered and nobody has begun: at most as many tasks as the
 * prefetch it was started with allows.
 */
final class Consumption extends DefaultConsumer {

	private final Queue<Delivery> unbegun = new ArrayDeque<>();

	private boolean ended;

	private boolean awaited;

	Consumption(Channel channel) {
		super(channel);
	}

	/**
	 * The next delivery to begin with.
	 * @return the delivery, or {@code null} if there was none in time or there are no
	 * more to come
	 */
	synchronized @Nullable Delivery next(long timeoutMillis) throws InterruptedException {
		long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
		while (this.unbegun.isEmpty() && !this.ended) {
			long remaining = deadline - System.nanoTime();
			if (remaining <= 0) {
				return null;
			}
			this.awaited = true;
			TimeUnit.NANOSECONDS.timedWait(this, remaining);
			this.awaited = false;
		}
		return this.unbegun.poll();
	}

	synchronized boolean hasEnded() {
		return this.ended;
	}

	/**
	 * Ends it: there are no more deliveries from here on.
	 * @return what was delivered and not begun
	 */
	synchronized List<Delivery> end() {
		this.ended = true;
		notifyAll();
		List<Delivery> rest = new ArrayList<>(this.unbegun);
		this.unbegun.clear();
		return rest;
	}

	@Override
	public void handleDelivery(String consumerTag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
			throws IOException {
		if (!add(new Delivery(envelope, properties, body))) {
			// Was on its way when the consumer was cancelled.
			getChannel().basicNack(envelope.getDeliveryTag(), false, true);
		}
	}

	private synchronized boolean add(Delivery delivery) {
		if (!this.ended) {
			this.unbegun.add(delivery);
			if (this.awaited) {
				notifyAll();
			}
		}
		return !this.ended;
	}

	@Override
	public void handleCancel(String consumerTag) {
		end();
	}

	@Override
	public void handleShutdownSignal(String consumerTag, ShutdownSignalException cause) {
		end();
	}

}
