package dev.warren.postbox;

import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.messaging.publish.ConfirmedPublisher;
import dev.warren.postbox.Delivery.State;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.support.RabbitExceptionTranslator;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.task.TaskExecutor;
import org.springframework.stereotype.Component;

/**
 * Takes letters out of boxes ({@code basic.get}): the consumer of "Rabbits and Warrens".
 * Those that have to be settled are known by a handle until they are, or until their time
 * is up.
 */
@Component
class Deliveries implements SmartLifecycle {

	private final BrokerChannels channels;

	private final Boxes boxes;

	private final TaskExecutor executor;

	private final MeterRegistry meters;

	private final PostboxProperties properties;

	private final Semaphore slots;

	private final Map<String, Delivery> open = new ConcurrentHashMap<>();

	private final Map<String, State> ended;

	private volatile @Nullable ScheduledThreadPoolExecutor clock;

	Deliveries(BrokerChannels channels, Boxes boxes, TaskExecutor executor, MeterRegistry meters,
			PostboxProperties properties) {
		this.channels = channels;
		this.boxes = boxes;
		this.executor = executor;
		this.meters = meters;
		this.properties = properties;
		this.slots = new Semaphore(properties.maxHandles());
		this.ended = new LinkedHashMap<>() {

			private static final long serialVersionUID = 1L;

			@Override
			protected boolean removeEldestEntry(Map.Entry<String, State> eldest) {
				return size() > properties.rememberedHandles();
			}

		};
		Gauge.builder("warren.postbox.handles", this.open, Map::size)
			.description("collected letters that are not settled yet")
			.register(meters);
	}

	/**
	 * Takes the next letter out of a box.
	 * @param acknowledged whether that settles it; if not, it has a handle by which it
	 * can be settled
	 * @return the letter, or empty if there is none
	 * @throws ProblemException if there is no such box, or too many letters are not
	 * settled
	 * @throws AmqpException if the broker cannot be reached
	 */
	Optional<Letter> collect(String box, boolean acknowledged) {
		this.boxes.require(box);
		ScheduledThreadPoolExecutor clock = this.clock;
		if (clock == null || !this.slots.tryAcquire()) {
			throw new ProblemException(ProblemType.BUSY,
					"%d collected letters wait to be settled, as many as warren.postbox.max-handles allows"
						.formatted(this.open.size()));
		}
		Channel channel = null;
		boolean kept = false;
		try {
			channel = this.channels.open();
			GetResponse response = channel.basicGet(box, acknowledged);
			if (response == null) {
				return Optional.empty();
			}
			Letter letter = Letter.of(box, response.getEnvelope(), response.getProps(), response.getBody());
			if (acknowledged) {
				count("auto");
				return Optional.of(letter);
			}
			Delivery delivery = new Delivery(UUID.randomUUID().toString(), box, channel,
					response.getEnvelope().getDeliveryTag(), Instant.now().plus(this.properties.handleTimeout()));
			kept = true;
			keep(delivery, clock);
			return Optional.of(letter.withHandle(delivery.handle(), delivery.expiresAt()));
		}
		catch (IOException | ShutdownSignalException ex) {
			if (BrokerChannels.refusal(ex) == AMQP.NOT_FOUND) {
				// Its queue was deleted behind the service's back, and with it the
				// letters.
				this.boxes.restore(box);
				return Optional.empty();
			}
			throw RabbitExceptionTranslator.convertRabbitAccessException(ex);
		}
		finally {
			if (!kept) {
				close(channel);
				this.slots.release();
			}
		}
	}

	private void keep(Delivery delivery, ScheduledThreadPoolExecutor clock) {
		this.open.put(delivery.handle(), delivery);
		AtomicBoolean released = new AtomicBoolean();
		// Called at once if it has closed already.
		delivery.channel().addShutdownListener((signal) -> {
			if (delivery.leaveOpen(State.LOST)) {
				end(delivery);
			}
			if (released.compareAndSet(false, true)) {
				this.slots.release();
			}
		});
		delivery.expiresBy(clock.schedule(() -> this.executor.execute(() -> expire(delivery)),
				this.properties.handleTimeout().toNanos(), TimeUnit.NANOSECONDS));
	}

	/**
	 * Acknowledges a letter: on return the broker has forgotten it.
	 * @throws ProblemException if there is no such handle, it is settled already, or
	 * nobody knows whether the broker has done it
	 */
	Settlement acknowledge(String handle) {
		return settle(handle, State.ACKED, (delivery) -> {
			Channel channel = delivery.channel();
			// An acknowledgement has no answer. A transaction has, and only when what is
			// in it is done: AMQP 0-9-1, tx.commit.
			channel.txSelect();
			channel.basicAck(delivery.deliveryTag(), false);
			channel.txCommit();
		});
	}

	/**
	 * Rejects a letter: on return it is back in its box, or dropped.
	 * @throws ProblemException as of {@link #acknowledge}
	 */
	Settlement reject(String handle, boolean requeue) {
		return settle(handle, requeue ? State.REQUEUED : State.REJECTED, (delivery) -> {
			Channel channel = delivery.channel();
			channel.txSelect();
			channel.basicReject(delivery.deliveryTag(), requeue);
			channel.txCommit();
			if (requeue) {
				// To a box that is not there any more the broker puts nothing back.
				channel.queueDeclarePassive(delivery.box());
			}
		});
	}

	private Settlement settle(String handle, State end, Settling settling) {
		Delivery delivery = this.open.get(handle);
		if (delivery == null || !delivery.leaveOpen(State.SETTLING)) {
			throw refuse(handle, delivery);
		}
		try {
			settling.settle(delivery);
			delivery.settled(end);
			return new Settlement(handle, delivery.box(), name(end));
		}
		catch (IOException | ShutdownSignalException ex) {
			if (BrokerChannels.refusal(ex) == AMQP.NOT_FOUND) {
				delivery.settled(State.REJECTED);
				throw new ProblemException(ProblemType.NOT_FOUND,
						"The box '%s' was deleted, and the letter with it".formatted(delivery.box()), "handle");
			}
			delivery.settled(State.UNCERTAIN);
			throw new ProblemException(ProblemType.BROKER_UNAVAILABLE,
					"The broker did not answer; the letter is settled or back in its box");
		}
		finally {
			end(delivery);
			this.executor.execute(() -> close(delivery.channel()));
		}
	}

	private ProblemException refuse(String handle, @Nullable Delivery delivery) {
		State state;
		synchronized (this.ended) {
			state = this.ended.get(handle);
		}
		if (state == null && delivery != null) {
			state = delivery.state();
		}
		return (state != null)
				? new ProblemException(ProblemType.CONFLICT,
						"The delivery '%s' %s".formatted(handle, state.description()), "handle")
				: new ProblemException(ProblemType.NOT_FOUND, "There is no delivery '%s'".formatted(handle), "handle");
	}

	private void expire(Delivery delivery) {
		if (delivery.leaveOpen(State.EXPIRED)) {
			end(delivery);
			close(delivery.channel());
		}
	}

	private void end(Delivery delivery) {
		// First to the one, then from the other: it is always known.
		synchronized (this.ended) {
			this.ended.put(delivery.handle(), delivery.state());
		}
		this.open.remove(delivery.handle());
		count(name(delivery.state()));
	}

	private void count(String outcome) {
		this.meters.counter("warren.postbox.collected", "outcome", outcome).increment();
	}

	private static String name(State state) {
		return state.name().toLowerCase(Locale.ROOT);
	}

	private static void close(@Nullable Channel channel) {
		if (channel != null) {
			BrokerChannels.close(channel);
		}
	}

	/**
	 * The letters that are not settled, the one that goes back first at the top.
	 */
	List<OpenDelivery> list() {
		return this.open.values()
			.stream()
			.map((delivery) -> new OpenDelivery(delivery.handle(), delivery.box(), delivery.expiresAt()))
			.sorted(Comparator.comparing(OpenDelivery::expiresAt))
			.toList();
	}

	@Override
	public synchronized void start() {
		if (this.clock == null) {
			ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, (task) -> {
				Thread thread = new Thread(task, "deliveries-clock");
				thread.setDaemon(true);
				return thread;
			});
			clock.setRemoveOnCancelPolicy(true);
			this.clock = clock;
		}
	}

	/**
	 * Puts back what is not settled.
	 */
	@Override
	public synchronized void stop() {
		ScheduledThreadPoolExecutor clock = this.clock;
		if (clock != null) {
			this.clock = null;
			clock.shutdownNow();
			this.open.values().forEach(this::expire);
		}
	}

	@Override
	public boolean isRunning() {
		return this.clock != null;
	}

	/**
	 * After the web server, whose last requests may be settling something.
	 */
	@Override
	public int getPhase() {
		return ConfirmedPublisher.PHASE;
	}

	/**
	 * A letter that is settled.
	 *
	 * @param handle its handle
	 * @param box the box it came from
	 * @param state acked, rejected or requeued
	 */
	record Settlement(String handle, String box, String state) {

	}

	/**
	 * A letter that is not settled.
	 *
	 * @param handle its handle
	 * @param box the box it came from
	 * @param expiresAt when it goes back
	 */
	record OpenDelivery(String handle, String box, Instant expiresAt) {

	}

	@FunctionalInterface
	private interface Settling {

		void settle(Delivery delivery) throws IOException;

	}

}
