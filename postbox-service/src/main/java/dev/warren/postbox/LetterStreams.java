package dev.warren.postbox;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.messaging.feed.EventStreams;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.amqp.rabbit.support.RabbitExceptionTranslator;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/**
 * Consumes boxes ({@code basic.consume}) for the readers of their streams. Each reader
 * has a consumer, a channel, and the thread of its request, which waits for it.
 */
@Component
class LetterStreams implements SmartLifecycle {

	private final BrokerChannels channels;

	private final Boxes boxes;

	private final JsonMapper jsonMapper;

	private final PostboxProperties properties;

	private final Counter acknowledged;

	private final Semaphore slots;

	private final Set<LetterStream> streams = ConcurrentHashMap.newKeySet();

	private volatile boolean running;

	LetterStreams(BrokerChannels channels, Boxes boxes, JsonMapper jsonMapper, MeterRegistry meters,
			PostboxProperties properties) {
		this.channels = channels;
		this.boxes = boxes;
		this.jsonMapper = jsonMapper;
		this.properties = properties;
		this.slots = new Semaphore(properties.maxStreams());
		this.acknowledged = Counter.builder("warren.postbox.streamed")
			.description("letters that were written to streams and acknowledged")
			.register(meters);
		Gauge.builder("warren.postbox.streams", this.streams, Set::size).description("open streams").register(meters);
	}

	/**
	 * Answers a request with the letters of a box, until its reader leaves or the box
	 * goes.
	 * @throws ProblemException if there is no such box, or there are too many readers
	 * @throws IOException if the reader has left already
	 */
	void stream(String box, HttpServletResponse response) throws IOException {
		this.boxes.require(box);
		if (!this.slots.tryAcquire()) {
			throw new ProblemException(ProblemType.BUSY,
					"There are as many readers of streams as warren.postbox.max-streams allows");
		}
		try {
			LetterStream stream = open(box, true);
			this.streams.add(stream);
			try {
				if (!this.running) {
					stream.end("the service stops");
				}
				response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
				response.setCharacterEncoding("UTF-8");
				response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
				stream.writeTo(response);
			}
			finally {
				this.streams.remove(stream);
				stream.close();
			}
		}
		finally {
			this.slots.release();
		}
	}

	private LetterStream open(String box, boolean restore) {
		try {
			Channel channel = this.channels.open();
			try {
				return LetterStream.consume(channel, box, this.properties.streamPrefetch(), this.jsonMapper,
						this.acknowledged);
			}
			catch (IOException | RuntimeException ex) {
				BrokerChannels.close(channel);
				throw ex;
			}
		}
		catch (IOException | ShutdownSignalException ex) {
			if (restore && BrokerChannels.refusal(ex) == AMQP.NOT_FOUND) {
				// Its queue was deleted behind the service's back.
				this.boxes.restore(box);
				return open(box, false);
			}
			throw RabbitExceptionTranslator.convertRabbitAccessException(ex);
		}
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		this.streams.forEach((stream) -> stream.end("the service stops"));
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/**
	 * Before the web server waits for its requests to finish.
	 */
	@Override
	public int getPhase() {
		return EventStreams.PHASE;
	}

}
