package dev.warren.benchmarks;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLongArray;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;

/**
 * What the RPC service is measured against: tutorial 6 with the RabbitMQ Java client and
 * nothing around it. One client with one reply queue and a map of correlation ids;
 * servers with a prefetch of one that acknowledge after they replied, each on a
 * connection of its own.
 */
final class RawRpc implements AutoCloseable {

	private static final String QUEUE = "benchmark_rpc_queue";

	private final List<Connection> servers = new ArrayList<>();

	private final Connection connection;

	private final Channel channel;

	private final String replyTo;

	private final Map<String, Call> calls = new ConcurrentHashMap<>();

	RawRpc(String uri, int servers) throws Exception {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setUri(uri);
		for (int i = 0; i < servers; i++) {
			Connection server = factory.newConnection();
			this.servers.add(server);
			serve(server.createChannel());
		}
		this.connection = factory.newConnection();
		this.channel = this.connection.createChannel();
		this.replyTo = this.channel.queueDeclare().getQueue();
		this.channel.basicConsume(this.replyTo, true, (tag, reply) -> {
			Call call = this.calls.remove(reply.getProperties().getCorrelationId());
			if (call != null) {
				call.latencies().set(call.index(), System.nanoTime() - call.begin());
				call.places().release();
			}
		}, (tag) -> {
		});
	}

	private static void serve(Channel channel) throws IOException {
		channel.queueDeclare(QUEUE, false, false, true, null);
		channel.basicQos(1);
		channel.basicConsume(QUEUE, false, new DefaultConsumer(channel) {

			@Override
			public void handleDelivery(String consumerTag, Envelope envelope, AMQP.BasicProperties request, byte[] body)
					throws IOException {
				String reply = fibonacci(Integer.parseInt(new String(body, StandardCharsets.UTF_8))).toString();
				channel.basicPublish("", request.getReplyTo(),
						new AMQP.BasicProperties.Builder().correlationId(request.getCorrelationId()).build(),
						reply.getBytes(StandardCharsets.UTF_8));
				channel.basicAck(envelope.getDeliveryTag(), false);
			}

		});
	}

	private static BigInteger fibonacci(int n) {
		BigInteger current = BigInteger.ZERO;
		BigInteger next = BigInteger.ONE;
		for (int i = 0; i < n; i++) {
			BigInteger sum = current.add(next);
			current = next;
			next = sum;
		}
		return current;
	}

	/**
	 * Asks, with so many calls in flight.
	 * @return how long each call took, in nanoseconds
	 */
	Calls ask(int count, int inFlight, int n) throws Exception {
		byte[] body = Integer.toString(n).getBytes(StandardCharsets.UTF_8);
		Semaphore places = new Semaphore(inFlight);
		AtomicLongArray latencies = new AtomicLongArray(count);
		long begin = System.nanoTime();
		for (int i = 0; i < count; i++) {
			places.acquire();
			String correlationId = "1b7f2ff5-0c3c-9f3a-6d56-6a4a1b2b7e1a-" + i;
			this.calls.put(correlationId, new Call(i, System.nanoTime(), latencies, places));
			this.channel.basicPublish("", QUEUE,
					new AMQP.BasicProperties.Builder().correlationId(correlationId).replyTo(this.replyTo).build(),
					body);
		}
		places.acquire(inFlight);
		long nanos = System.nanoTime() - begin;
		double[] millis = new double[count];
		for (int i = 0; i < count; i++) {
			millis[i] = latencies.get(i) / 1e6;
		}
		return new Calls(nanos, millis);
	}

	@Override
	public void close() throws IOException {
		this.connection.close();
		for (Connection server : this.servers) {
			server.close();
		}
	}

	private record Call(int index, long begin, AtomicLongArray latencies, Semaphore places) {

	}

}
