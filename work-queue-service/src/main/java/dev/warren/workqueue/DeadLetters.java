package dev.warren.workqueue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.support.RabbitExceptionTranslator;
import org.springframework.stereotype.Component;

/**
 * The queue {@link WorkTopology#DEAD_LETTERS}, which is the only place where dead letters
 * are: to look at them is to get them and give them back, in their order. One request
 * reads so at most {@link #MAX_READ} of them, the oldest; in that moment a request to
 * another instance finds less.
 */
@Component
class DeadLetters {

	static final int MAX_READ = 1000;

	// A quorum queue drops what was returned to it 20 times (RabbitMQ 4).
	private static final int MAX_RETURNS = 10;

	private static final long MAX_WAIT_SECONDS = 5;

	private final Workplace workplace;

	// No monitor: until JDK 24 a virtual thread that waits for the broker in one keeps
	// its carrier.
	private final ReentrantLock lock = new ReentrantLock(true);

	DeadLetters(Workplace workplace) {
		this.workplace = workplace;
	}

	/**
	 * The oldest dead letters, oldest first. Not the queue's order: the copy of one that
	 * was looked at often is at its end.
	 */
	List<Task> list() throws InterruptedException {
		List<Task> tasks = new ArrayList<>();
		read((message) -> {
			tasks.add(message.task());
			return false;
		});
		tasks.sort(Comparator.comparing(Task::finishedAt, Comparator.nullsFirst(Comparator.naturalOrder())));
		return tasks;
	}

	/**
	 * Puts a dead letter into the task queue as if it had never been tried.
	 */
	Optional<Task> replay(String id) throws InterruptedException {
		List<Task> replayed = new ArrayList<>();
		read((message) -> {
			if (!message.task().id().equals(id)) {
				return false;
			}
			// Somebody who died as he moved it may have left two of it.
			if (replayed.isEmpty()) {
				Task task = message.task().replayed();
				publish(WorkTopology.TASKS, message.copy(task));
				replayed.add(task);
			}
			return true;
		});
		replayed.forEach(this.workplace::announce);
		return replayed.stream().findFirst();
	}

	/**
	 * Drops a dead letter.
	 * @return whether there was one
	 */
	boolean drop(String id) throws InterruptedException {
		return read((message) -> message.task().id().equals(id)) > 0;
	}

	// One at a time: of two, each would hold letters that the other looks for.
	private int read(Predicate<TaskMessage> taken) throws InterruptedException {
		if (!this.lock.tryLock(MAX_WAIT_SECONDS, TimeUnit.SECONDS)) {
			throw new ProblemException(ProblemType.BUSY, "The dead letters are being read by others");
		}
		try {
			Channel channel = this.workplace.connect().createChannel();
			if (channel == null) {
				throw new IOException("the connection has no channel left");
			}
			try {
				return read(channel, taken);
			}
			finally {
				channel.close();
			}
		}
		catch (IOException | TimeoutException | ShutdownSignalException ex) {
			throw RabbitExceptionTranslator.convertRabbitAccessException(ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	private int read(Channel channel, Predicate<TaskMessage> taken) throws IOException {
		int count = 0;
		Set<String> copied = new HashSet<>();
		// Not as many as the queue says it has: a quorum queue's count comes late.
		for (int i = 0; i < MAX_READ; i++) {
			GetResponse letter = channel.basicGet(WorkTopology.DEAD_LETTERS, false);
			if (letter == null) {
				break;
			}
			TaskMessage message = TaskMessage.of(WorkTopology.DEAD_LETTERS, letter.getEnvelope(), letter.getProps(),
					letter.getBody());
			if (copied.contains(message.task().id())) {
				break;
			}
			if (taken.test(message)) {
				channel.basicAck(letter.getEnvelope().getDeliveryTag(), false);
				count++;
			}
			else if (message.deliveries() >= MAX_RETURNS) {
				publish(WorkTopology.DEAD_LETTERS, message.copy(message.task()));
				channel.basicAck(letter.getEnvelope().getDeliveryTag(), false);
				copied.add(message.task().id());
			}
		}
		// Rather than by closing the channel: a quorum queue may hear of that only after
		// the next request. If there are none left to give back, that is no error.
		channel.basicNack(0, true, true);
		return count;
	}

	private void publish(String queue, Message message) {
		try {
			this.workplace.publisher().publish(queue, message).join();
		}
		catch (CompletionException ex) {
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : ex;
		}
	}

}
