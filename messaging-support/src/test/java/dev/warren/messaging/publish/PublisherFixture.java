package dev.warren.messaging.publish;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.micrometer.observation.ObservationRegistry;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.util.unit.DataSize;

import static org.awaitility.Awaitility.await;

/**
 * Publishers for a test, stopped after it.
 */
final class PublisherFixture implements AutoCloseable {

	static final Duration CONFIRM_TIMEOUT = Duration.ofSeconds(5);

	private final Deque<Runnable> cleanUp = new ArrayDeque<>();

	ConfirmedPublisher connected(int port) {
		return connected(port, new PublisherProperties(CONFIRM_TIMEOUT, 10_000, DataSize.ofMegabytes(64)));
	}

	ConfirmedPublisher connected(int port, PublisherProperties properties) {
		ConfirmedPublisher publisher = started(port, properties);
		await().until(() -> publisher.broker() != null);
		return publisher;
	}

	ConfirmedPublisher started(int port, PublisherProperties properties) {
		CachingConnectionFactory connectionFactory = new CachingConnectionFactory("127.0.0.1", port);
		connectionFactory.setConnectionTimeout(2000);
		connectionFactory.setCloseTimeout(500);
		ConfirmedPublisher publisher = new ConfirmedPublisher(connectionFactory, properties, ObservationRegistry.NOOP);
		this.cleanUp.push(connectionFactory::destroy);
		this.cleanUp.push(publisher::stop);
		publisher.start();
		return publisher;
	}

	static Message message(String id) {
		return message(id, 12);
	}

	static Message message(String id, int size) {
		return MessageBuilder.withBody("x".repeat(size).getBytes(StandardCharsets.US_ASCII)).setMessageId(id).build();
	}

	/**
	 * What a publication came to: {@code routed}, {@code returned} or the simple name of
	 * the exception.
	 */
	static String outcome(CompletableFuture<Confirmation> confirmation) {
		try {
			return confirmation.get(30, TimeUnit.SECONDS).routed() ? "routed" : "returned";
		}
		catch (ExecutionException ex) {
			return String.valueOf(ex.getCause()).replaceFirst(":.*", "").replaceFirst(".*\\.", "");
		}
		catch (InterruptedException | TimeoutException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.cleanUp.forEach(Runnable::run);
	}

}
