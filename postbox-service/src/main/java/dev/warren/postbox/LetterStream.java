package dev.warren.postbox;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import io.micrometer.core.instrument.Counter;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * One reader of a box: its consumer and the response its letters are written to, as
 * server-sent events. Letters come no faster than they are read: the broker delivers as
 * many as the prefetch allows, and the next when those are acknowledged.
 * <p>
 * That a letter could be written says little: what is written to a connection whose other
 * end has gone is taken by this end's network, once. What is written a moment later is
 * not. So letters are acknowledged when, a moment after they were written, a comment can
 * be written too.
 */
final class LetterStream extends DefaultConsumer {

	/**
	 * How long a letter waits to be acknowledged: time enough for the network of a reader
	 * that has gone to say so.
	 */
	private static final long MOMENT_MILLIS = 100;

	/**
	 * How often a comment is written while there are no letters. The second after a
	 * reader has left fails.
	 */
	private static final long HEARTBEAT_SECONDS = 1;

	private static final Incoming END = new Incoming(0, null);

	private final String box;

	private final JsonMapper jsonMapper;

	private final Counter acknowledged;

	// No more than the prefetch.
	private final BlockingQueue<Incoming> incoming = new LinkedBlockingQueue<>();

	private final CountDownLatch ended = new CountDownLatch(1);

	private volatile String reason = "";

	private LetterStream(Channel channel, String box, JsonMapper jsonMapper, Counter acknowledged) {
		super(channel);
		this.box = box;
		this.jsonMapper = jsonMapper;
		this.acknowledged = acknowledged;
	}

	/**
	 * Begins to consume.
	 * @throws IOException if the broker refuses or cannot be reached
	 */
	static LetterStream consume(Channel channel, String box, int prefetch, JsonMapper jsonMapper, Counter acknowledged)
			throws IOException {
		LetterStream stream = new LetterStream(channel, box, jsonMapper, acknowledged);
		channel.basicQos(prefetch);
		channel.basicConsume(box, false, "reader-" + UUID.randomUUID(), false, false, Map.of(), stream);
		return stream;
	}

	@Override
	public void handleDelivery(String consumerTag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
		this.incoming.add(new Incoming(envelope.getDeliveryTag(), Letter.of(this.box, envelope, properties, body)));
	}

	@Override
	public void handleCancel(String consumerTag) {
		end("the box was deleted");
	}

	@Override
	public void handleShutdownSignal(String consumerTag, ShutdownSignalException signal) {
		end("the connection to the broker was lost");
	}

	/**
	 * Ends it, and tells the reader why.
	 */
	void end(String reason) {
		this.reason = reason;
		this.ended.countDown();
		this.incoming.add(END);
	}

	/**
	 * Writes what comes until the reader leaves or it ends.
	 */
	void writeTo(HttpServletResponse response) throws IOException {
		try {
			OutputStream out = response.getOutputStream();
			// The name under which the broker knows this reader.
			write(out, ": " + getConsumerTag() + "\n\n");
			out.flush();
			while (this.ended.getCount() > 0) {
				Incoming next = this.incoming.poll(HEARTBEAT_SECONDS, TimeUnit.SECONDS);
				if (next != null) {
					write(out, next);
				}
				write(out, ":\n\n");
				out.flush();
			}
			write(out,
					"event: end\ndata: " + this.jsonMapper.writeValueAsString(Map.of("reason", this.reason)) + "\n\n");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	// All that is there, and acknowledges it.
	private void write(OutputStream out, Incoming first) throws IOException, InterruptedException {
		long last = 0;
		int count = 0;
		for (Incoming next = first; next != null && next.letter() != null; next = this.incoming.poll()) {
			write(out, "id: %d\ndata: %s\n\n".formatted(next.deliveryTag(),
					this.jsonMapper.writeValueAsString(next.letter())));
			last = next.deliveryTag();
			count++;
		}
		out.flush();
		if (count > 0 && !this.ended.await(MOMENT_MILLIS, TimeUnit.MILLISECONDS)) {
			write(out, ":\n\n");
			out.flush();
			try {
				getChannel().basicAck(last, true);
				this.acknowledged.increment(count);
			}
			catch (IOException | ShutdownSignalException ex) {
				end("the connection to the broker was lost");
			}
		}
	}

	private static void write(OutputStream out, String event) throws IOException {
		out.write(event.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Cancels the consumer. What it has not acknowledged goes back to the box.
	 */
	void close() {
		BrokerChannels.close(getChannel());
	}

	private record Incoming(long deliveryTag, @Nullable Letter letter) {

	}

}
