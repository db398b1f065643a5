package dev.warren.postbox;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.messaging.broker.QueueProperties;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.support.RabbitExceptionTranslator;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The boxes there are: those on record in the {@link BoxRegistry}. A record comes before
 * what it records: a box is written down, then declared and bound; it is marked as
 * deleted, then its queue is deleted, then it is crossed out. So whoever reads the record
 * after a crash knows what remains to be done, and does it.
 */
@Component
class Boxes implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(Boxes.class);

	private static final long KEEPING_INTERVAL_MILLIS = 200;

	private static final long RETRY_PAUSE = TimeUnit.SECONDS.toNanos(1);

	private final BoxRegistry registry;

	private final BrokerChannels channels;

	private final QueueProperties queues;

	private final PostboxProperties properties;

	// As the record was when it was read last.
	private volatile Map<String, Box> known = Map.of();

	private volatile @Nullable ScheduledExecutorService keeper;

	// The connection since whose opening everything is there.
	private volatile @Nullable Connection restored;

	private long lastFailure = System.nanoTime() - RETRY_PAUSE;

	private volatile @Nullable String lastError;

	Boxes(BoxRegistry registry, BrokerChannels channels, QueueProperties queues, PostboxProperties properties) {
		this.registry = registry;
		this.channels = channels;
		this.queues = queues;
		this.properties = properties;
	}

	/**
	 * Declares a box and its bindings, unless it is there.
	 * @return the box, and whether it is new
	 * @throws ProblemException if there is a box, or a queue, of that name with other
	 * arguments, or too many boxes
	 * @throws AmqpException if the broker cannot be reached
	 */
	Declared declare(String name, List<String> keys) {
		return withRecord((session) -> {
			Optional<Box> existing = session.current().find(name);
			if (existing.isPresent() && !existing.get().hasKeys(keys)) {
				throw new ProblemException(ProblemType.CONFLICT,
						"The box '%s' has other keys: %s".formatted(name, String.join(", ", existing.get().keys())),
						"keys");
			}
			return existing.isPresent() ? new Declared(restore(session, name).orElseThrow(() -> notFound(name)), false)
					: new Declared(create(session, new Box(name, keys, this.queues.type())), true);
		});
	}

	private Status create(RegistrySession session, Box box) throws IOException {
		if (session.current().boxes().size() >= this.properties.maxBoxes()) {
			throw new ProblemException(ProblemType.CONFLICT,
					"There are as many boxes as warren.postbox.max-boxes allows");
		}
		declareExchange();
		session.write(session.current().with(box));
		try {
			return withChannel((channel) -> declare(channel, box));
		}
		catch (IOException | ShutdownSignalException ex) {
			int refusal = BrokerChannels.refusal(ex);
			if (refusal == 0) {
				throw ex;
			}
			session.write(session.current().without(box.name()));
			throw refused(box, ex);
		}
	}

	private static ProblemException refused(Box box, Exception failure) {
		return new ProblemException(ProblemType.CONFLICT,
				"The broker refuses a queue '%s': %s".formatted(box.name(), BrokerChannels.reason(failure)), "name");
	}

	/**
	 * The boxes, with what is in them.
	 * @throws AmqpException if the broker cannot be reached
	 */
	List<Status> list() {
		List<Status> all = new ArrayList<>();
		for (Box box : withRecord((session) -> session.current().boxes())) {
			status(box).ifPresent(all::add);
		}
		return all;
	}

	/**
	 * A box, with what is in it.
	 * @throws ProblemException if there is none
	 * @throws AmqpException if the broker cannot be reached
	 */
	Status get(String name) {
		return withRecord((session) -> session.current().find(name)).flatMap(this::status)
			.orElseThrow(() -> notFound(name));
	}

	private Optional<Status> status(Box box) {
		try {
			return Optional.of(withChannel((channel) -> Status.of(box, channel.queueDeclarePassive(box.name()))));
		}
		catch (IOException | ShutdownSignalException ex) {
			if (BrokerChannels.refusal(ex) == AMQP.NOT_FOUND) {
				// Deleted meanwhile, or behind the service's back.
				return withRecord((session) -> restore(session, box.name()));
			}
			throw unavailable(ex);
		}
	}

	/**
	 * Deletes a box, and the letters in it.
	 * @throws ProblemException if there is none, or the broker refuses
	 * @throws AmqpException if the broker cannot be reached
	 */
	void delete(String name) {
		withRecord((session) -> {
			Box box = session.current().find(name).orElseThrow(() -> notFound(name));
			session.write(session.current().with(box.asDeleted()));
			finishDeletions(session);
			if (session.current().find(name).isPresent()) {
				throw new ProblemException(ProblemType.CONFLICT,
						"The broker refuses to delete the queue '%s'".formatted(name), "name");
			}
			return true;
		});
	}

	/**
	 * Makes sure that a name is that of a box, and not of some other queue.
	 * @throws ProblemException if there is no such box
	 * @throws AmqpException if the broker cannot be reached
	 */
	void require(String name) {
		if (!this.known.containsKey(name) && withRecord((session) -> session.current().find(name)).isEmpty()) {
			throw notFound(name);
		}
	}

	/**
	 * Declares a box again whose queue the broker does not have.
	 * @throws ProblemException if there is no such box any more
	 * @throws AmqpException if the broker cannot be reached
	 */
	void restore(String name) {
		withRecord((session) -> restore(session, name)).orElseThrow(() -> notFound(name));
	}

	/**
	 * Declares again the boxes that have a key.
	 * @return whether there are any
	 * @throws AmqpException if the broker cannot be reached
	 */
	boolean restoreWithKey(String key) {
		return withRecord((session) -> {
			boolean any = false;
			for (Box box : session.current().boxes()) {
				any |= box.keys().contains(key) && restore(session, box.name()).isPresent();
			}
			return any;
		});
	}

	/**
	 * Has everything on record declared again, soon.
	 */
	void restoreAll() {
		this.restored = null;
	}

	private static ProblemException notFound(String name) {
		return new ProblemException(ProblemType.NOT_FOUND, "There is no box '%s'".formatted(name), "name");
	}

	private <T> T withRecord(BoxRegistry.Task<T> task) {
		try {
			return this.registry.locked((session) -> {
				if (session.current().revision() == 0) {
					session.write(session.current()
						.with(new Box(PostboxTopology.PO_BOX, PostboxTopology.PO_BOX_KEYS, this.queues.type())));
					restoreOrReport(session, PostboxTopology.PO_BOX);
				}
				finishDeletions(session);
				try {
					return task.run(session);
				}
				finally {
					this.known = session.current().boxes().stream().collect(Collectors.toMap(Box::name, (box) -> box));
				}
			});
		}
		catch (IOException | ShutdownSignalException ex) {
			int refusal = BrokerChannels.refusal(ex);
			if (refusal == AMQP.PRECONDITION_FAILED || refusal == AMQP.ACCESS_REFUSED) {
				throw new ProblemException(ProblemType.CONFLICT, "The broker refuses: " + BrokerChannels.reason(ex));
			}
			throw unavailable(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw unavailable(ex);
		}
	}

	private static RuntimeException unavailable(Exception failure) {
		return RabbitExceptionTranslator.convertRabbitAccessException(failure);
	}

	private void finishDeletions(RegistrySession session) throws IOException {
		for (Box box : session.current().boxes()) {
			if (box.deleted()) {
				try {
					withChannel((channel) -> channel.queueDelete(box.name()));
					session.write(session.current().without(box.name()));
				}
				catch (IOException | ShutdownSignalException ex) {
					if (BrokerChannels.refusal(ex) == 0) {
						throw ex;
					}
					// Nobody can finish it, and the other boxes must not suffer.
					session.write(session.current().with(new Box(box.name(), box.keys(), box.type())));
					report(String.valueOf(refused(box, ex).getBody().getDetail()));
				}
			}
		}
	}

	/**
	 * Declares and binds what is on record. A box whose name has been taken by a queue
	 * with other arguments is a box no more.
	 * @return the box, or empty if it is not on record
	 * @throws ProblemException if there is such a queue
	 */
	private Optional<Status> restore(RegistrySession session, String name) throws IOException {
		Optional<Box> box = session.current().find(name);
		if (box.isEmpty()) {
			return Optional.empty();
		}
		declareExchange();
		try {
			return Optional.of(withChannel((channel) -> declare(channel, box.get())));
		}
		catch (IOException | ShutdownSignalException ex) {
			if (BrokerChannels.refusal(ex) != AMQP.PRECONDITION_FAILED) {
				throw ex;
			}
			session.write(session.current().without(name));
			throw refused(box.get(), ex);
		}
	}

	// On a channel of its own: that an exchange is refused says nothing about a box.
	private void declareExchange() throws IOException {
		withChannel(
				(channel) -> channel.exchangeDeclare(PostboxTopology.SORTING_ROOM, BuiltinExchangeType.DIRECT, true));
	}

	private static Status declare(Channel channel, Box box) throws IOException {
		AMQP.Queue.DeclareOk declared = channel.queueDeclare(box.name(), true, false, false,
				box.type().durable(box.name()).build().getArguments());
		for (String key : box.keys()) {
			channel.queueBind(box.name(), PostboxTopology.SORTING_ROOM, key);
		}
		return Status.of(box, declared);
	}

	private <T> T withChannel(ChannelTask<T> task) throws IOException {
		Channel channel = this.channels.open();
		try {
			return task.run(channel);
		}
		finally {
			BrokerChannels.close(channel);
		}
	}

	/**
	 * Declares and binds what is on record, or tells why the broker refuses it.
	 * @return whether that is final
	 */
	private boolean restoreOrReport(RegistrySession session, String name) throws IOException {
		try {
			restore(session, name);
			return true;
		}
		catch (ProblemException ex) {
			logger.warn("'%s' is not a box any more. %s".formatted(name, ex.getBody().getDetail()));
			return true;
		}
		catch (IOException | ShutdownSignalException ex) {
			if (BrokerChannels.refusal(ex) == 0) {
				throw ex;
			}
			report("The broker refuses the box '%s': %s".formatted(name, BrokerChannels.reason(ex)));
			return false;
		}
	}

	// The keeper's thread: sees to it that on each new connection, maybe to another
	// broker, everything is as it is on record.
	private void keep() {
		Connection current = this.restored;
		if (current != null && current.isOpen() || !this.channels.isAvailable()
				|| System.nanoTime() - this.lastFailure < RETRY_PAUSE) {
			return;
		}
		try {
			Connection connection = this.channels.connection();
			boolean all = withRecord((session) -> {
				boolean done = true;
				for (Box box : session.current().boxes()) {
					done &= restoreOrReport(session, box.name());
				}
				return done;
			});
			if (all) {
				this.restored = connection;
				this.lastError = null;
			}
			else {
				this.lastFailure = System.nanoTime();
			}
		}
		catch (IOException | RuntimeException ex) {
			// Whatever it is: without this thread nothing would be restored again.
			this.lastFailure = System.nanoTime();
			report("The boxes are not all there, trying again: " + ex.getMessage());
		}
	}

	private void report(String error) {
		if (this.keeper != null && !error.equals(this.lastError)) {
			this.lastError = error;
			logger.warn(error);
		}
	}

	@Override
	public synchronized void start() {
		if (this.keeper == null) {
			ScheduledExecutorService keeper = Executors.newSingleThreadScheduledExecutor((task) -> {
				Thread thread = new Thread(task, "boxes");
				thread.setDaemon(true);
				return thread;
			});
			this.keeper = keeper;
			keeper.scheduleWithFixedDelay(this::keep, 0, KEEPING_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
		}
	}

	@Override
	public synchronized void stop() {
		ScheduledExecutorService keeper = this.keeper;
		if (keeper != null) {
			this.keeper = null;
			keeper.shutdownNow();
		}
	}

	@Override
	public boolean isRunning() {
		return this.keeper != null;
	}

	/**
	 * A box that was declared.
	 *
	 * @param box the box
	 * @param created whether it is new
	 */
	record Declared(Status box, boolean created) {

	}

	/**
	 * A box and what is in it.
	 *
	 * @param name its name
	 * @param keys the keys whose letters it gets
	 * @param messages the letters ready to be collected; those somebody has collected and
	 * not settled are not counted
	 * @param consumers those who read its stream
	 */
	record Status(String name, List<String> keys, int messages, int consumers) {

		static Status of(Box box, AMQP.Queue.DeclareOk declared) {
			return new Status(box.name(), box.keys(), declared.getMessageCount(), declared.getConsumerCount());
		}

	}

	@FunctionalInterface
	private interface ChannelTask<T> {

		T run(Channel channel) throws IOException;

	}

}
