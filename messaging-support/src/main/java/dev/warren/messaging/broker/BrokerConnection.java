package dev.warren.messaging.broker;

import java.io.EOFException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ScheduledFuture;
import java.util.stream.Stream;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.messaging.log.Reason;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.amqp.AmqpConnectException;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Keeps the service connected, whether or not it has anything to send or to receive, so
 * that its queues are declared and its health is known. A connection that is lost is
 * opened again, with a back-off between half a second and two. That it is lost, and why,
 * and that it is there again are told in one line each, unless the same happens over and
 * over.
 * <p>
 * Spring opens a connection when somebody needs one, and listener containers reconnect by
 * themselves; this is for a service in which nobody needs one yet.
 */
public final class BrokerConnection implements ConnectionListener, SmartLifecycle {

	/**
	 * The phase of this {@link SmartLifecycle}: it connects before anything sends or
	 * receives.
	 */
	public static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 8192;

	private static final Duration INTERVAL = Duration.ofMillis(500);

	private static final Duration MAX_INTERVAL = Duration.ofSeconds(2);

	private static final Duration STABLE = Duration.ofSeconds(10);

	private static final Logger logger = LoggerFactory.getLogger(BrokerConnection.class);

	private final ConnectionFactory connectionFactory;

	private final Topology topology;

	private final TaskScheduler scheduler;

	private final ConnectionAttempts attempts;

	private volatile @Nullable Broker broker;

	private volatile List<Connection> connections = List.of();

	private volatile @Nullable String fault;

	private @Nullable String toldFault;

	private @Nullable Broker toldBroker;

	private long connectedAt;

	private volatile @Nullable ScheduledFuture<?> running;

	private BackOffExecution backOff = backOff();

	private Duration pause = INTERVAL;

	BrokerConnection(ConnectionFactory connectionFactory, Topology topology, TaskScheduler scheduler,
			ConnectionAttempts attempts) {
		this.connectionFactory = connectionFactory;
		this.topology = topology;
		this.scheduler = scheduler;
		this.attempts = attempts;
	}

	private static BackOffExecution backOff() {
		ExponentialBackOff backOff = new ExponentialBackOff(INTERVAL.toMillis(), 1.5);
		backOff.setMaxInterval(MAX_INTERVAL.toMillis());
		return backOff.start();
	}

	@Override
	public void start() {
		this.connectionFactory.addConnectionListener(this);
		this.running = this.scheduler.schedule(() -> this.attempts.attempt(this::connect), (context) -> {
			Instant last = context.lastCompletion();
			return (last != null) ? last.plus(this.pause) : Instant.now();
		});
	}

	private void connect() {
		try {
			List<Connection> opened = open();
			if (!opened.equals(this.connections)) {
				connected(opened);
			}
			declare();
		}
		catch (RuntimeException ex) {
			onFailed(ex);
			this.pause = Duration.ofMillis(this.backOff.nextBackOff());
		}
	}

	private void declare() {
		if (!this.topology.isComplete()) {
			this.topology.initialize();
		}
		if (this.topology.isComplete()) {
			this.backOff = backOff();
			this.pause = INTERVAL;
		}
		else {
			this.pause = Duration.ofMillis(this.backOff.nextBackOff());
		}
	}

	// One to receive, and where the factory has one for it, another to send.
	private List<Connection> open() {
		return Stream.of(this.connectionFactory, this.connectionFactory.getPublisherConnectionFactory())
			.filter(Objects::nonNull)
			.map((factory) -> {
				Connection opened = factory.createConnection().getDelegate();
				if (opened == null) {
					throw new AmqpConnectException(new EOFException());
				}
				return opened;
			})
			.toList();
	}

	private synchronized void connected(List<Connection> opened) {
		Broker broker = Broker.of(opened.get(0));
		if (!broker.equals(this.toldBroker)) {
			logger.info("Connected to {} {} at {}", broker.product(), broker.version(), broker.address());
		}
		this.toldBroker = broker;
		this.connectedAt = System.nanoTime();
		this.broker = broker;
		this.connections = opened;
		this.attempts.succeeded();
		this.fault = null;
	}

	private synchronized void lost(Throwable failure) {
		String reason = Reason.of(failure);
		boolean wasStable = this.fault == null && System.nanoTime() - this.connectedAt > STABLE.toNanos();
		if (wasStable || !reason.equals(this.toldFault)) {
			logger.warn("No connection to the broker, trying again: {}", reason);
			this.toldBroker = null;
		}
		this.toldFault = reason;
		this.fault = reason;
	}

	@Override
	public void onCreate(org.springframework.amqp.rabbit.connection.@Nullable Connection created) {
		// Told when both connections are there.
	}

	@Override
	public void onFailed(Exception failure) {
		lost(failure);
		this.attempts.failed(Reason.of(failure));
	}

	@Override
	public void onShutDown(ShutdownSignalException signal) {
		if (!signal.isInitiatedByApplication()) {
			lost(signal);
		}
	}

	/**
	 * What the broker is.
	 * @return the broker, or {@code null} while there is no connection
	 */
	public @Nullable Broker broker() {
		return this.connections.stream().allMatch(Connection::isOpen) ? this.broker : null;
	}

	/**
	 * Why there is no connection. One that was lost says it itself: it is closed before
	 * its listeners hear of it.
	 * @return why it was lost, else the reason the last attempt to connect failed, or
	 * that there was none yet
	 */
	public String fault() {
		String known = this.fault;
		if (known != null) {
			return known;
		}
		return this.connections.stream()
			.map(Connection::getCloseReason)
			.filter(Objects::nonNull)
			.findFirst()
			.map(Reason::of)
			.orElse("it was lost, or is yet to be opened");
	}

	@Override
	public void stop() {
		this.connectionFactory.removeConnectionListener(this);
		ScheduledFuture<?> current = this.running;
		if (current != null) {
			this.running = null;
			current.cancel(false);
		}
	}

	@Override
	public boolean isRunning() {
		return this.running != null;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
