package dev.warren.postbox;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.messaging.broker.QueueProperties;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.amqp.core.Queue;
import org.springframework.stereotype.Component;

/**
 * What boxes there are, kept in a durable queue on the broker, since AMQP cannot list
 * queues. The queue holds one persistent message, the {@link BoxRecord}.
 * <p>
 * Whoever reads or changes it is the queue's active consumer for so long, of which there
 * is one ({@code x-single-active-consumer}): the lock among all instances of the service,
 * who get it in turn. When the channel closes, for whatever reason, the broker puts back
 * what was not acknowledged and the next consumer becomes the active one: the record is
 * never away for good. An exclusive consumer would do as well, but RabbitMQ's quorum
 * queues do not know any.
 */
@Component
class BoxRegistry {

	/**
	 * The queue.
	 */
	static final String QUEUE = "postbox_boxes";

	private static final long MAX_WAIT = TimeUnit.SECONDS.toNanos(5);

	private static final Log logger = LogFactory.getLog(BoxRegistry.class);

	private final BrokerChannels channels;

	private final QueueProperties queues;

	private final JsonMapper jsonMapper;

	// Among this instance's own threads, so that it has one consumer.
	private final ReentrantLock lock = new ReentrantLock(true);

	private @Nullable String lastUnreadable;

	BoxRegistry(BrokerChannels channels, QueueProperties queues, JsonMapper jsonMapper) {
		this.channels = channels;
		this.queues = queues;
		this.jsonMapper = jsonMapper;
	}

	/**
	 * Does something while nobody else reads or changes the record.
	 * @throws ProblemException if others do for too long
	 * @throws IOException if the broker cannot be reached or refuses
	 */
	<T> T locked(Task<T> task) throws IOException, InterruptedException {
		long deadline = System.nanoTime() + MAX_WAIT;
		if (!this.lock.tryLock(MAX_WAIT, TimeUnit.NANOSECONDS)) {
			throw busy();
		}
		try (RegistrySession session = open(deadline)) {
			return task.run(session);
		}
		finally {
			this.lock.unlock();
		}
	}

	private RegistrySession open(long deadline) throws IOException, InterruptedException {
		boolean declared = false;
		while (true) {
			RegistrySession session = new RegistrySession(this.channels.open(), this.jsonMapper, this::unreadable);
			boolean opened = false;
			try {
				opened = session.open(deadline - System.nanoTime());
				if (!opened) {
					throw busy();
				}
				return session;
			}
			catch (IOException | ShutdownSignalException ex) {
				if (declared || BrokerChannels.refusal(ex) != AMQP.NOT_FOUND) {
					throw ex;
				}
			}
			finally {
				if (!opened) {
					session.close();
				}
			}
			declare();
			declared = true;
		}
	}

	private void unreadable(String reason) {
		if (!reason.equals(this.lastUnreadable)) {
			this.lastUnreadable = reason;
			logger
				.warn("The queue '%s' has a record that cannot be read, and stays there: %s".formatted(QUEUE, reason));
		}
	}

	private static ProblemException busy() {
		return new ProblemException(ProblemType.BUSY, "The boxes are being read or changed by others");
	}

	private void declare() throws IOException {
		Channel channel = this.channels.open();
		try {
			Queue queue = this.queues.durable(QUEUE).singleActiveConsumer().build();
			channel.queueDeclare(queue.getName(), true, false, false, queue.getArguments());
		}
		finally {
			BrokerChannels.close(channel);
		}
	}

	/**
	 * What is done under the lock.
	 *
	 * @param <T> what it results in
	 */
	@FunctionalInterface
	interface Task<T> {

		T run(RegistrySession session) throws IOException;

	}

}
