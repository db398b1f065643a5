package dev.warren.postbox;

import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.messaging.queue.QueueProperties;
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
 * Whoever reads or changes it is the queue's exclusive consumer for so long, which is the
 * lock among all instances of the service. The broker gives it up when the channel
 * closes, for whatever reason, and with it puts back what was not acknowledged: the
 * record is never away for good.
 */
@Component
class BoxRegistry {

	/**
	 * The queue.
	 */
	static final String QUEUE = "postbox_boxes";

	private static final long MAX_WAIT = TimeUnit.SECONDS.toNanos(5);

	private static final int MAX_PAUSE_MILLIS = 40;

	private static final Log logger = LogFactory.getLog(BoxRegistry.class);

	private final BrokerChannels channels;

	private final QueueProperties queues;

	private final JsonMapper jsonMapper;

	// Among this instance's own threads, which are spared the broker's refusals.
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
			throw busy("too many requests wait");
		}
		try (RegistrySession session = open(deadline)) {
			return task.run(session);
		}
		finally {
			this.lock.unlock();
		}
	}

	private RegistrySession open(long deadline) throws IOException, InterruptedException {
		while (true) {
			Channel channel = this.channels.open();
			try {
				return new RegistrySession(channel, this.jsonMapper, this::unreadable);
			}
			catch (IOException | ShutdownSignalException ex) {
				BrokerChannels.close(channel);
				switch (BrokerChannels.refusal(ex)) {
					case AMQP.NOT_FOUND -> declare();
					case AMQP.ACCESS_REFUSED -> awaitOthers(deadline, BrokerChannels.reason(ex));
					default -> throw ex;
				}
			}
			catch (TimeoutException ex) {
				BrokerChannels.close(channel);
				throw new IOException(ex);
			}
		}
	}

	private void unreadable(String reason) {
		if (!reason.equals(this.lastUnreadable)) {
			this.lastUnreadable = reason;
			logger
				.warn("The queue '%s' has a record that cannot be read, and stays there: %s".formatted(QUEUE, reason));
		}
	}

	private static void awaitOthers(long deadline, String refusal) throws InterruptedException {
		if (System.nanoTime() - deadline > 0) {
			throw busy(refusal);
		}
		// Another instance has it for some milliseconds. The broker has no queue for
		// those who want to be the exclusive consumer.
		TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(1, MAX_PAUSE_MILLIS));
	}

	private static ProblemException busy(String reason) {
		return new ProblemException(ProblemType.BUSY, "The boxes are in use by others: " + reason);
	}

	private void declare() throws IOException {
		Channel channel = this.channels.open();
		try {
			Queue queue = this.queues.durable(QUEUE).build();
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
