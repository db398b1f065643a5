package dev.warren.messaging.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;

import com.rabbitmq.client.Connection;
import dev.warren.messaging.message.Printable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Keeps the service connected, whether or not it has anything to send or to receive, so
 * that its queues are declared and its health is known. A connection that is lost is
 * opened again, with a back-off between half a second and five.
 * <p>
 * Spring opens a connection when somebody needs one, and listener containers reconnect by
 * themselves; this is for a service in which nobody needs one yet.
 */
public final class BrokerConnection implements SmartLifecycle {

	/**
	 * The phase of this {@link SmartLifecycle}: it connects before anything sends or
	 * receives.
	 */
	public static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 8192;

	private static final Duration INTERVAL = Duration.ofMillis(500);

	private static final Logger logger = LoggerFactory.getLogger(BrokerConnection.class);

	private final ConnectionFactory connectionFactory;

	private final Topology topology;

	private final TaskScheduler scheduler;

	private volatile @Nullable Broker broker;

	private volatile @Nullable Connection connection;

	private volatile @Nullable String fault;

	private volatile @Nullable ScheduledFuture<?> attempts;

	private BackOffExecution backOff = backOff();

	private Duration pause = INTERVAL;

	BrokerConnection(ConnectionFactory connectionFactory, Topology topology, TaskScheduler scheduler) {
		this.connectionFactory = connectionFactory;
		this.topology = topology;
		this.scheduler = scheduler;
	}

	private static BackOffExecution backOff() {
		ExponentialBackOff backOff = new ExponentialBackOff(INTERVAL.toMillis(), 1.5);
		backOff.setMaxInterval(Duration.ofSeconds(5).toMillis());
		return backOff.start();
	}

	@Override
	public void start() {
		this.attempts = this.scheduler.schedule(this::connect, (context) -> {
			Instant last = context.lastCompletion();
			return (last != null) ? last.plus(this.pause) : Instant.now();
		});
	}

	private void connect() {
		try {
			Connection opened = open(this.connectionFactory);
			ConnectionFactory publisher = this.connectionFactory.getPublisherConnectionFactory();
			if (publisher != null) {
				open(publisher);
			}
			if (opened != null && !opened.equals(this.connection)) {
				this.broker = Broker.of(opened);
				logger.info("Connected to {}", this.broker);
			}
			this.connection = opened;
			this.fault = null;
			if (this.topology.missing().isEmpty()) {
				this.backOff = backOff();
				this.pause = INTERVAL;
			}
			else {
				this.topology.initialize();
				this.pause = Duration.ofMillis(this.backOff.nextBackOff());
			}
		}
		catch (RuntimeException ex) {
			lost(ex);
		}
	}

	private static @Nullable Connection open(ConnectionFactory connectionFactory) {
		return connectionFactory.createConnection().getDelegate();
	}

	private void lost(RuntimeException ex) {
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(ex);
		String reason = Printable.line((cause.getMessage() != null) ? cause.getMessage() : cause.toString());
		if (!reason.equals(this.fault)) {
			logger.warn("No connection to the broker, trying again: {}", reason);
		}
		this.fault = reason;
		this.pause = Duration.ofMillis(this.backOff.nextBackOff());
	}

	/**
	 * What the broker is.
	 * @return the broker, or {@code null} while there is no connection
	 */
	public @Nullable Broker broker() {
		Connection current = this.connection;
		return (current != null && current.isOpen()) ? this.broker : null;
	}

	/**
	 * Why there is no connection.
	 * @return the reason the last attempt to connect failed, or that there was none yet
	 */
	public String fault() {
		String known = this.fault;
		return (known != null) ? known : "it was lost, or is yet to be opened";
	}

	Map<String, String> differences() {
		return this.topology.differences();
	}

	Map<String, String> missing() {
		return this.topology.missing();
	}

	@Override
	public void stop() {
		ScheduledFuture<?> current = this.attempts;
		if (current != null) {
			this.attempts = null;
			current.cancel(false);
		}
	}

	@Override
	public boolean isRunning() {
		return this.attempts != null;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
