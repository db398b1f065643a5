package dev.warren.logs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.messaging.feed.EventStreams;
import dev.warren.messaging.feed.MessageFeed;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.AmqpResourceNotAvailableException;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.support.RabbitExceptionTranslator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The subscriptions there are. All share one connection; when it is lost, a thread gets
 * another one as soon as there is a broker, and with it new queues.
 */
@Component
class Subscriptions implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(Subscriptions.class);

	private static final long MIN_BACK_OFF = TimeUnit.MILLISECONDS.toNanos(500);

	private static final long MAX_BACK_OFF = TimeUnit.SECONDS.toNanos(5);

	private static final long KEEPING_INTERVAL_MILLIS = 100;

	private static final long MAX_WAIT_SECONDS = 5;

	private final ConnectionFactory connectionFactory;

	private final LogsProperties properties;

	private final EventStreams streams;

	private final List<StandingSubscription> standing;

	private final Map<String, Subscription> subscriptions = Collections.synchronizedMap(new LinkedHashMap<>());

	// Held by whoever talks to the broker.
	private final ReentrantLock broker = new ReentrantLock(true);

	private @Nullable BrokerSession session;

	private long backOff = MIN_BACK_OFF;

	private long lastAttempt = System.nanoTime() - MAX_BACK_OFF;

	private long lastRefusal = System.nanoTime() - MAX_BACK_OFF;

	private int created;

	private @Nullable String lastError;

	private volatile @Nullable ScheduledExecutorService keeper;

	Subscriptions(ConnectionFactory connectionFactory, LogsProperties properties, EventStreams streams,
			ObjectProvider<StandingSubscription> standing) {
		this.connectionFactory = connectionFactory;
		this.properties = properties;
		this.streams = streams;
		this.standing = standing.orderedStream().toList();
	}

	List<Subscription> list() {
		synchronized (this.subscriptions) {
			return new ArrayList<>(this.subscriptions.values());
		}
	}

	/**
	 * A subscription by its id.
	 * @throws ProblemException if there is none
	 */
	Subscription get(String id) {
		Subscription subscription = this.subscriptions.get(id);
		if (subscription == null) {
			throw new ProblemException(ProblemType.NOT_FOUND, "There is no subscription '%s'".formatted(id), "id");
		}
		return subscription;
	}

	/**
	 * Begins a subscription: on return its queue is bound.
	 * @throws ProblemException if there are too many, or the broker refuses
	 * @throws AmqpException if the broker cannot be reached; there is no subscription
	 * then
	 */
	Subscription begin(LogExchange exchange, List<Binding> bindings) {
		return withSession((session) -> {
			if (this.subscriptions.size() >= this.properties.maxSubscriptions()) {
				throw new ProblemException(ProblemType.CONFLICT,
						"There are as many subscriptions as warren.logs.max-subscriptions allows");
			}
			Subscription subscription = subscription("subscription-" + (this.created + 1), exchange, bindings,
					(line) -> {
					});
			session.open(subscription);
			this.created++;
			this.subscriptions.put(subscription.id(), subscription);
			return subscription;
		});
	}

	private Subscription subscription(String id, LogExchange exchange, List<Binding> bindings,
			Consumer<LogLine> output) {
		return new Subscription(id, exchange, bindings,
				new MessageFeed<>(this.properties.feedCapacity(), this.properties.feedSize(), LogLine::memorySize),
				output);
	}

	/**
	 * Gives a subscription other bindings. What matches both the old and the new is not
	 * missed.
	 * @throws ProblemException if there is no such subscription, or the broker refuses
	 * @throws AmqpException if the broker cannot be reached
	 */
	Subscription rebind(String id, List<Binding> bindings) {
		return withSession((session) -> {
			Subscription subscription = get(id);
			String queue = subscription.queue();
			if (queue == null) {
				session.open(subscription);
				queue = subscription.queue();
				if (queue == null) {
					throw new AmqpResourceNotAvailableException("The connection to the broker was lost");
				}
			}
			session.rebind(queue, subscription.exchange(), subscription.bindings(), bindings);
			subscription.rebound(bindings);
			return subscription;
		});
	}

	/**
	 * Ends a subscription, its queue and its streams.
	 * @throws ProblemException if there is no such subscription
	 */
	void end(String id) {
		lock();
		try {
			Subscription subscription = get(id);
			this.subscriptions.remove(id);
			BrokerSession session = this.session;
			if (subscription.end() && session != null && session.isOpen()) {
				session.end(subscription);
			}
			this.streams.end(subscription.feed());
		}
		finally {
			this.broker.unlock();
		}
	}

	private void lock() {
		try {
			if (this.broker.tryLock(MAX_WAIT_SECONDS, TimeUnit.SECONDS)) {
				return;
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		throw new AmqpResourceNotAvailableException("The subscriptions are being recovered");
	}

	private Subscription withSession(SessionTask task) {
		lock();
		try {
			return task.run(session(MIN_BACK_OFF));
		}
		catch (IOException | ShutdownSignalException ex) {
			if (BrokerSession.isRefusal(ex)) {
				Throwable reason = (ex.getCause() != null) ? ex.getCause() : ex;
				throw new ProblemException(ProblemType.CONFLICT, "The broker refuses: " + reason.getMessage());
			}
			throw RabbitExceptionTranslator.convertRabbitAccessException(ex);
		}
		finally {
			this.broker.unlock();
		}
	}

	private BrokerSession session(long pause) throws IOException {
		BrokerSession current = this.session;
		if (current != null && current.isOpen()) {
			return current;
		}
		if (this.keeper == null) {
			throw new AmqpResourceNotAvailableException("The subscriptions are stopped");
		}
		if (System.nanoTime() - this.lastAttempt < pause) {
			throw new AmqpResourceNotAvailableException("No connection to the broker: " + this.lastError);
		}
		try {
			Connection connection = this.connectionFactory.createConnection();
			com.rabbitmq.client.Connection delegate = connection.getDelegate();
			if (delegate == null) {
				throw new IOException("the connection closed as it was opened");
			}
			if (current != null) {
				current.close();
			}
			BrokerSession opened = new BrokerSession(delegate);
			this.session = opened;
			this.backOff = MIN_BACK_OFF;
			return opened;
		}
		catch (AmqpException | IOException | ShutdownSignalException ex) {
			this.lastError = ex.getMessage();
			this.backOff = Math.min(this.backOff * 2, MAX_BACK_OFF);
			throw ex;
		}
		finally {
			this.lastAttempt = System.nanoTime();
		}
	}

	// The keeper's thread: sees to it that every subscription has a queue.
	private void keep() {
		this.broker.lock();
		try {
			BrokerSession current = session(this.backOff);
			if (System.nanoTime() - this.lastRefusal < MAX_BACK_OFF) {
				return;
			}
			for (Subscription subscription : list()) {
				if (subscription.queue() == null && this.keeper != null) {
					reopen(current, subscription);
				}
			}
		}
		catch (AmqpException | IOException | ShutdownSignalException ex) {
			// Of a broker that is away the publisher tells.
			logger.debug("The subscriptions are not all there", ex);
		}
		catch (RuntimeException ex) {
			logger.error("The subscriptions are not all there", ex);
		}
		finally {
			this.broker.unlock();
		}
	}

	private void reopen(BrokerSession session, Subscription subscription) throws IOException {
		try {
			session.open(subscription);
		}
		catch (IOException | ShutdownSignalException ex) {
			if (!BrokerSession.isRefusal(ex)) {
				throw ex;
			}
			// Somebody has made the exchange another way, say. The others can go on, and
			// this one is tried again later.
			this.lastRefusal = System.nanoTime();
			Throwable reason = (ex.getCause() != null) ? ex.getCause() : ex;
			if (!Objects.equals(reason.getMessage(), this.lastError)) {
				this.lastError = reason.getMessage();
				logger.warn("The broker refuses a queue for " + subscription.id() + ": " + this.lastError);
			}
		}
	}

	@Override
	public synchronized void start() {
		if (this.keeper != null) {
			return;
		}
		for (StandingSubscription subscription : this.standing) {
			this.subscriptions.put(subscription.id(), subscription(subscription.id(), subscription.exchange(),
					List.of(Binding.ofKey(subscription.bindingKey())), subscription.output()));
		}
		ScheduledExecutorService keeper = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, "subscriptions");
			thread.setDaemon(true);
			return thread;
		});
		this.keeper = keeper;
		keeper.scheduleWithFixedDelay(this::keep, 0, KEEPING_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
	}

	@Override
	public synchronized void stop() {
		ScheduledExecutorService keeper = this.keeper;
		if (keeper == null) {
			return;
		}
		this.keeper = null;
		keeper.shutdown();
		this.broker.lock();
		try {
			BrokerSession current = this.session;
			if (current != null) {
				current.close();
			}
			this.session = null;
		}
		finally {
			this.broker.unlock();
		}
	}

	@Override
	public boolean isRunning() {
		return this.keeper != null;
	}

	@FunctionalInterface
	private interface SessionTask {

		Subscription run(BrokerSession session) throws IOException;

	}

}
