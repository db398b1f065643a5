package dev.warren.benchmarks;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
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
 * connection of its own. It sends what the tutorial sends or, to do the same as the
 * service, the properties the service sends.
 */
final class RawRpc implements AutoCloseable {

	private static final int TIMEOUT_MILLIS = 5000;

	private static final String TRACEPARENT = "traceparent";

	private final List<Connection> servers = new ArrayList<>();

	private final boolean allProperties;

	private final String queue;

	private final Connection connection;

	private final Channel channel;

	private final String replyTo;

	private final Map<String, Call> calls = new ConcurrentHashMap<>();

	/**
	 * Starts the servers and the client.
	 * @param uri the broker's
	 * @param servers how many
	 * @param allProperties whether messages have the properties the service gives them
	 */
	RawRpc(String uri, int servers, boolean allProperties) throws Exception {
		this.allProperties = allProperties;
		this.queue = allProperties ? "benchmark_rpc_queue_properties" : "benchmark_rpc_queue";
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

	private void serve(Channel channel) throws IOException {
		channel.queueDeclare(this.queue, false, false, true, null);
		channel.basicQos(1);
		channel.basicConsume(this.queue, false, new DefaultConsumer(channel) {

			@Override
			public void handleDelivery(String consumerTag, Envelope envelope, AMQP.BasicProperties request, byte[] body)
					throws IOException {
				String reply = fibonacci(Integer.parseInt(new String(body, StandardCharsets.UTF_8))).toString();
				channel.basicPublish("", request.getReplyTo(), ofReply(request),
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
			this.channel.basicPublish("", this.queue, this.allProperties, ofRequest(correlationId), body);
		}
		places.acquire(inFlight);
		long nanos = System.nanoTime() - begin;
		double[] millis = new double[count];
		for (int i = 0; i < count; i++) {
			millis[i] = latencies.get(i) / 1e6;
		}
		return new Calls(nanos, millis);
	}

	private AMQP.BasicProperties ofRequest(String correlationId) {
		AMQP.BasicProperties.Builder properties = new AMQP.BasicProperties.Builder().correlationId(correlationId)
			.replyTo(this.replyTo);
		if (this.allProperties) {
			long now = System.currentTimeMillis();
			properties.expiration(Integer.toString(TIMEOUT_MILLIS))
				.timestamp(new Date(now))
				.appId("rpc-service")
				.contentType("text/plain")
				.contentEncoding("UTF-8")
				.headers(Map.of("x-deadline", Long.toString(now + TIMEOUT_MILLIS), TRACEPARENT,
						"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
		}
		return properties.build();
	}

	private AMQP.BasicProperties ofReply(AMQP.BasicProperties request) {
		AMQP.BasicProperties.Builder properties = new AMQP.BasicProperties.Builder()
			.correlationId(request.getCorrelationId());
		if (this.allProperties) {
			properties.contentType("text/plain")
				.contentEncoding("UTF-8")
				.headers(Map.of("x-server", "server-1", TRACEPARENT,
						String.valueOf(request.getHeaders().get(TRACEPARENT))));
		}
		return properties.build();
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
