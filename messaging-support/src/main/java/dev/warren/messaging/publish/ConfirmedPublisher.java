package dev.warren.messaging.publish;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.AMQP;
import dev.warren.messaging.broker.Broker;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.support.DefaultMessagePropertiesConverter;
import org.springframework.amqp.rabbit.support.MessagePropertiesConverter;
import org.springframework.amqp.rabbit.support.micrometer.RabbitMessageSenderContext;
import org.springframework.amqp.rabbit.support.micrometer.RabbitTemplateObservation;
import org.springframework.amqp.rabbit.support.micrometer.RabbitTemplateObservation.DefaultRabbitTemplateObservationConvention;
import org.springframework.context.SmartLifecycle;

/**
 * Publishes messages, mandatory and confirmed, and never waits: the future it gives back
 * completes when the broker has confirmed or returned the message, and fails with a
 * {@link PublishException} when it did not.
 * <p>
 * All messages go over one channel of one connection, written by one thread, in the order
 * of the calls and without waiting for each other's confirms (the asynchronous strategy
 * of RabbitMQ tutorial 7). So a publisher whose broker stops reading holds up a thread of
 * its own and not its callers, and what waits is bounded in number and size. A
 * {@code RabbitTemplate} with correlated confirms gives the same word on a message, but
 * blocks its caller while it connects or while the broker exerts back-pressure, and
 * bounds nothing.
 * <p>
 * The publisher opens its connection as it starts and opens it again whenever it is lost,
 * with a back-off between half a second and five. A message given to it while there is no
 * connection fails at once.
 * <p>
 * Futures complete on the connection's own thread, or on one of the publisher's: a
 * dependent stage that blocks, or that uses a channel, must be an {@code Async} one. What
 * is done with a future, such as cancelling it, changes nothing about its message. Safe
 * for use by several threads.
 */
public final class ConfirmedPublisher implements SmartLifecycle {

	/**
	 * The phase of this {@link SmartLifecycle}: stopped after the web server, so that
	 * requests that drain can still publish.
	 */
	public static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 4096;

	private static final Log logger = LogFactory.getLog(ConfirmedPublisher.class);

	private static final long MIN_BACK_OFF = TimeUnit.MILLISECONDS.toNanos(500);

	private static final long MAX_BACK_OFF = TimeUnit.SECONDS.toNanos(5);

	private static final long EXPIRY_INTERVAL_MILLIS = 100;

	private static final String STOPPED = "The publisher is stopped";

	private final ConnectionFactory connectionFactory;

	private final ObservationRegistry observationRegistry;

	private final MessagePropertiesConverter propertiesConverter = new DefaultMessagePropertiesConverter();

	private final long confirmTimeout;

	private final Semaphore slots;

	private final Semaphore bytes;

	private final BlockingQueue<Publication> waiting = new LinkedBlockingQueue<>();

	private volatile @Nullable ConfirmChannel channel;

	private volatile @Nullable Broker broker;

	private volatile @Nullable String lastError;

	private volatile @Nullable Thread writer;

	private volatile @Nullable ScheduledExecutorService clock;

	private long backOff = MIN_BACK_OFF;

	private long lastAttempt = System.nanoTime() - MAX_BACK_OFF;

	/**
	 * Creates a publisher, which connects when it is {@linkplain #start() started}.
	 * @param connectionFactory where connections come from; its publisher connection
	 * factory is used where it has one
	 * @param properties the time a confirm may take and how much may wait for it
	 * @param observationRegistry where each message is observed, as a
	 * {@code RabbitTemplate} does, and gets its trace context from
	 */
	public ConfirmedPublisher(ConnectionFactory connectionFactory, PublisherProperties properties,
			ObservationRegistry observationRegistry) {
		ConnectionFactory publisherConnectionFactory = connectionFactory.getPublisherConnectionFactory();
		this.connectionFactory = (publisherConnectionFactory != null) ? publisherConnectionFactory : connectionFactory;
		this.observationRegistry = observationRegistry;
		this.confirmTimeout = properties.confirmTimeout().toNanos();
		this.slots = new Semaphore(properties.maxUnconfirmed());
		this.bytes = new Semaphore(Math.toIntExact(properties.maxUnconfirmedSize().toBytes()));
	}

	/**
	 * Publishes a message. It gets a message id if it has none; message ids must differ
	 * among the messages under way.
	 * @param exchange the name of the exchange, empty for the default exchange
	 * @param routingKey the routing key
	 * @param message the message
	 * @return completes with the broker's confirmation, exceptionally with a
	 * {@link PublishException} when the message may not be reported as sent, or with an
	 * {@link IllegalArgumentException} when AMQP cannot express its properties
	 */
	public CompletableFuture<Confirmation> publish(String exchange, String routingKey, Message message) {
		return publish(exchange, routingKey, message,
				RabbitTemplateObservation.TEMPLATE_OBSERVATION
					.observation(null, DefaultRabbitTemplateObservationConvention.INSTANCE,
							() -> new RabbitMessageSenderContext(message, "confirmedPublisher", exchange, routingKey),
							this.observationRegistry)
					.start());
	}

	/**
	 * Publishes a message as {@link #publish} does, but does not observe it: one of many
	 * that belong to one observation of the caller's, and carry its trace context. An
	 * observation of each would take several times as long as to publish it.
	 * @param exchange the name of the exchange, empty for the default exchange
	 * @param routingKey the routing key
	 * @param message the message
	 * @return as of {@link #publish}
	 */
	public CompletableFuture<Confirmation> publishUnobserved(String exchange, String routingKey, Message message) {
		return publish(exchange, routingKey, message, Observation.NOOP);
	}

	private CompletableFuture<Confirmation> publish(String exchange, String routingKey, Message message,
			Observation observation) {
		if (message.getMessageProperties().getMessageId() == null) {
			message.getMessageProperties().setMessageId(UUID.randomUUID().toString());
		}
		int size = message.getBody().length;
		boolean admitted = admit(size);
		CompletableFuture<Confirmation> confirmation = new CompletableFuture<>();
		// Not the one given back, whose caller may complete it, and shall find room for
		// the next message when it completes.
		CompletableFuture<Confirmation> settled = confirmation.whenComplete((confirmed, failure) -> {
			if (admitted) {
				this.bytes.release(size);
				this.slots.release();
			}
			if (failure != null) {
				observation.error(failure);
			}
			observation.stop();
		});
		if (admitted) {
			enqueue(exchange, routingKey, message, confirmation);
		}
		else {
			confirmation.completeExceptionally(new PublisherBusyException("Too much waits for the broker already"));
		}
		return settled;
	}

	private boolean admit(int size) {
		if (!this.slots.tryAcquire()) {
			return false;
		}
		if (!this.bytes.tryAcquire(size)) {
			this.slots.release();
			return false;
		}
		return true;
	}

	private void enqueue(String exchange, String routingKey, Message message,
			CompletableFuture<Confirmation> confirmation) {
		AMQP.BasicProperties properties = this.propertiesConverter.fromMessageProperties(message.getMessageProperties(),
				StandardCharsets.UTF_8.name());
		Publication publication = new Publication(exchange, routingKey, properties, message.getBody(),
				System.nanoTime() + this.confirmTimeout, confirmation);
		this.waiting.add(publication);
		// Those that came before the stop are still sent.
		if (this.writer == null && this.waiting.remove(publication)) {
			publication.fail(new BrokerUnavailableException(STOPPED, null));
		}
	}

	/**
	 * What the broker is that messages go to.
	 * @return the broker, or {@code null} while there is no connection
	 */
	public @Nullable Broker broker() {
		ConfirmChannel current = this.channel;
		return (current != null && current.isOpen()) ? this.broker : null;
	}

	/**
	 * Why there is no connection.
	 * @return the reason the last attempt to connect failed, or {@code null} if it did
	 * not
	 */
	public @Nullable String lastError() {
		return this.lastError;
	}

	@Override
	public synchronized void start() {
		if (this.writer != null) {
			return;
		}
		ScheduledExecutorService clock = Executors
			.newSingleThreadScheduledExecutor((task) -> daemon(task, "publisher-clock"));
		clock.scheduleWithFixedDelay(this::expire, EXPIRY_INTERVAL_MILLIS, EXPIRY_INTERVAL_MILLIS,
				TimeUnit.MILLISECONDS);
		Thread writer = daemon(this::write, "publisher");
		this.clock = clock;
		this.writer = writer;
		writer.start();
	}

	/**
	 * Sends what waits, waits for its confirms as long as a confirm may take, and closes
	 * the channel. What is not confirmed by then fails.
	 */
	@Override
	public synchronized void stop() {
		Thread writer = this.writer;
		ScheduledExecutorService clock = this.clock;
		if (writer == null || clock == null) {
			return;
		}
		this.writer = null;
		try {
			writer.join(TimeUnit.NANOSECONDS.toMillis(this.confirmTimeout));
			writer.interrupt();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		clock.shutdownNow();
		for (Publication next = this.waiting.poll(); next != null; next = this.waiting.poll()) {
			next.fail(new BrokerUnavailableException(STOPPED, null));
		}
		ConfirmChannel current = this.channel;
		if (current != null) {
			current.failUnconfirmed(STOPPED);
		}
		this.clock = null;
	}

	@Override
	public boolean isRunning() {
		return this.writer != null;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	private static Thread daemon(Runnable task, String name) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		return thread;
	}

	// The writer's thread: the only one that opens channels and publishes on them.
	private void write() {
		connect();
		try {
			while (this.writer == Thread.currentThread() || !this.waiting.isEmpty()) {
				Publication next = this.waiting.poll(100, TimeUnit.MILLISECONDS);
				if (next == null) {
					reconnectWhenDue(this.backOff);
				}
				else if (!next.isDone()) {
					write(next);
				}
			}
			awaitConfirms();
		}
		catch (InterruptedException ex) {
			// Stopped, and out of patience.
		}
		// May wait for a broker that does not answer; stop() does not.
		closeChannel();
	}

	private void write(Publication publication) {
		reconnectWhenDue(MIN_BACK_OFF);
		ConfirmChannel current = this.channel;
		if (current == null || !current.isOpen()) {
			publication.fail(new BrokerUnavailableException("No connection to the broker: " + this.lastError, null));
			return;
		}
		try {
			current.publish(publication);
		}
		catch (IllegalArgumentException ex) {
			publication.confirmation().completeExceptionally(ex);
		}
		catch (IOException | RuntimeException ex) {
			this.lastError = ex.toString();
			closeChannel();
		}
	}

	private void reconnectWhenDue(long pause) {
		ConfirmChannel current = this.channel;
		if ((current == null || !current.isOpen()) && System.nanoTime() - this.lastAttempt >= pause) {
			connect();
		}
	}

	private void connect() {
		closeChannel();
		try {
			Connection connection = this.connectionFactory.createConnection();
			com.rabbitmq.client.Connection delegate = connection.getDelegate();
			if (delegate == null) {
				throw new IOException("the connection closed as it was opened");
			}
			ConfirmChannel opened = new ConfirmChannel(delegate);
			this.broker = Broker.of(delegate);
			this.channel = opened;
			this.lastError = null;
			this.backOff = MIN_BACK_OFF;
			logger.info("Publishing to " + this.broker);
		}
		catch (IOException | RuntimeException ex) {
			// Whatever it is: without this thread nothing would ever be sent again.
			String error = String.valueOf(((ex.getCause() != null) ? ex.getCause() : ex).getMessage());
			if (!error.equals(this.lastError)) {
				logger.warn("No connection to the broker, trying again: " + error);
			}
			this.lastError = error;
			this.backOff = Math.min(this.backOff * 2, MAX_BACK_OFF);
		}
		this.lastAttempt = System.nanoTime();
	}

	private void awaitConfirms() throws InterruptedException {
		ConfirmChannel current = this.channel;
		while (current != null && !current.isIdle()) {
			TimeUnit.MILLISECONDS.sleep(5);
		}
	}

	private void closeChannel() {
		ConfirmChannel current = this.channel;
		this.channel = null;
		if (current != null) {
			current.close();
		}
	}

	private void expire() {
		long now = System.nanoTime();
		for (Publication head = this.waiting.peek(); head != null && head.isOverdue(now); head = this.waiting.peek()) {
			if (this.waiting.remove(head)) {
				head.fail(new BrokerUnavailableException("The broker did not take " + head + " in time", null));
			}
		}
		ConfirmChannel current = this.channel;
		if (current != null) {
			current.expire(now);
		}
	}

}
