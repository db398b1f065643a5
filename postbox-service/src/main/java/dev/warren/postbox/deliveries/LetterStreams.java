package dev.warren.postbox.deliveries;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.messaging.message.StrangersPropertiesConverter;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.postbox.PostBox;
import dev.warren.postbox.PostboxProperties;
import dev.warren.postbox.boxes.Boxes;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.connection.RabbitUtils;
import org.springframework.amqp.rabbit.support.RabbitExceptionTranslator;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/**
 * Consumes boxes ({@code basic.consume}) for the readers of their streams. Each reader
 * has a consumer, a channel, and the thread of its request, which writes server-sent
 * events. The broker delivers as many letters as the prefetch allows, and the next when
 * those are acknowledged.
 * <p>
 * That a letter was written says only that this end's network has taken it. Whether it
 * was received only the reader can say, by the letter's handle.
 */
@Component
public class LetterStreams {

	/**
	 * How often a comment is written while there are no letters. The second after a
	 * reader has left fails.
	 */
	private static final long HEARTBEAT_SECONDS = 1;

	private static final String HEARTBEAT = ":\n\n";

	private final PostBox postBox;

	private final Boxes boxes;

	private final Deliveries deliveries;

	private final JsonMapper jsonMapper;

	private final MeterRegistry meters;

	private final PostboxProperties properties;

	private final Semaphore slots;

	private final StrangersPropertiesConverter converter = new StrangersPropertiesConverter();

	private volatile boolean stopping;

	LetterStreams(PostBox postBox, Boxes boxes, Deliveries deliveries, JsonMapper jsonMapper, MeterRegistry meters,
			PostboxProperties properties) {
		this.postBox = postBox;
		this.boxes = boxes;
		this.deliveries = deliveries;
		this.jsonMapper = jsonMapper;
		this.meters = meters;
		this.properties = properties;
		this.slots = new Semaphore(properties.maxStreams());
		meters.gauge("warren.postbox.streams", this.slots,
				(slots) -> properties.maxStreams() - slots.availablePermits());
	}

	/**
	 * Answers a request with the letters of a box, until its reader leaves or the box
	 * goes. Then what was not acknowledged goes back to the box.
	 * @param box the name of the box
	 * @param acknowledged whether each letter is acknowledged when it is written; if not,
	 * it has a handle, as a collected one has
	 * @param response the response
	 * @throws ProblemException if there is no such box, or there are too many readers
	 * @throws AmqpException if the broker cannot be reached
	 * @throws IOException if the reader has left already
	 */
	public void stream(String box, boolean acknowledged, HttpServletResponse response) throws IOException {
		this.boxes.get(box);
		if (!this.slots.tryAcquire()) {
			throw new ProblemException(ProblemType.BUSY,
					"There are as many readers of streams as warren.postbox.max-streams allows");
		}
		Channel channel = null;
		try {
			channel = this.postBox.openChannel();
			response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
			response.setCharacterEncoding("UTF-8");
			response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
			write(box, acknowledged, channel, response.getOutputStream());
		}
		catch (IOException | ShutdownSignalException ex) {
			// Else the reader has left, or the connection to the broker.
			if (!response.isCommitted()) {
				throw RabbitExceptionTranslator.convertRabbitAccessException(ex);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			RabbitUtils.closeChannel(channel);
			this.slots.release();
		}
	}

	private void write(String box, boolean acknowledged, Channel channel, OutputStream out)
			throws IOException, InterruptedException {
		// No more than the prefetch.
		BlockingQueue<Message> letters = new LinkedBlockingQueue<>();
		AtomicReference<@Nullable String> end = new AtomicReference<>();
		channel.basicQos(this.properties.streamPrefetch());
		channel.basicConsume(box, false,
				(tag, letter) -> letters.add(new Message(letter.getBody(),
						this.converter.toMessageProperties(letter.getProperties(), letter.getEnvelope(), "UTF-8"))),
				(tag) -> end.set("the box was deleted"),
				(tag, signal) -> end.set("the connection to the broker was lost"));
		write(out, HEARTBEAT);
		while (end.get() == null) {
			Message message = letters.poll(HEARTBEAT_SECONDS, TimeUnit.SECONDS);
			if (message == null) {
				write(out, HEARTBEAT);
			}
			else {
				long tag = message.getMessageProperties().getDeliveryTag();
				Letter letter = acknowledged ? Letter.of(message, box, null, null)
						: this.deliveries.hold(box, channel, false, message);
				write(out, "id: %d\ndata: %s\n\n".formatted(tag, this.jsonMapper.writeValueAsString(letter)));
				this.meters.counter("warren.postbox.streamed").increment();
				if (acknowledged) {
					channel.basicAck(tag, false);
				}
			}
			if (this.stopping) {
				end.set("the service stops");
			}
		}
		write(out, "event: end\ndata: " + this.jsonMapper.writeValueAsString(Map.of("reason", String.valueOf(end)))
				+ "\n\n");
	}

	private static void write(OutputStream out, String event) throws IOException {
		out.write(event.getBytes(StandardCharsets.UTF_8));
		out.flush();
	}

	// Before the web server waits for its requests to finish.
	@EventListener(ContextClosedEvent.class)
	void stop() {
		this.stopping = true;
	}

}
