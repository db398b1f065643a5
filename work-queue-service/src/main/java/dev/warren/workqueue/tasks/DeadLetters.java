package dev.warren.workqueue.tasks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import dev.warren.messaging.message.StrangersPropertiesConverter;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import dev.warren.messaging.publish.Confirmation;
import dev.warren.workqueue.WorkTopology;

import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.support.MessagePropertiesConverter;
import org.springframework.stereotype.Component;

/**
 * The queue {@link WorkTopology#DEAD_LETTERS}, which is the only place where dead letters
 * are: to look at them is to get them and give them back, in their order. One request
 * reads so the oldest, as many as {@link #MAX_READ} and {@link #MAX_BYTES} allow; in that
 * moment a request to another instance finds less.
 */
@Component
public class DeadLetters {

	/** How many are read by a request at most. */
	public static final int MAX_READ = 1000;

	/** How large they may be together, in bytes; the last one may go beyond it. */
	static final int MAX_BYTES = 8 * 1024 * 1024;

	private static final long MAX_WAIT_SECONDS = 5;

	private final RabbitTemplate template;

	private final AmqpAdmin admin;

	private final Tasks tasks;

	private final TaskEvents events;

	private final MessagePropertiesConverter converter = new StrangersPropertiesConverter();

	// No monitor: until JDK 24 a virtual thread that waits for the broker in one keeps
	// its carrier.
	private final ReentrantLock lock = new ReentrantLock(true);

	DeadLetters(RabbitTemplate template, AmqpAdmin admin, Tasks tasks, TaskEvents events) {
		this.template = template;
		this.admin = admin;
		this.tasks = tasks;
		this.events = events;
	}

	/**
	 * The oldest dead letters.
	 * @return the tasks, oldest first
	 * @throws InterruptedException if the thread is interrupted
	 */
	public List<Task> list() throws InterruptedException {
		List<Task> letters = new ArrayList<>();
		read((message) -> {
			letters.add(task(message));
			return false;
		});
		return letters;
	}

	// Whoever put it there may know more of it than the message tells.
	private Task task(Message message) {
		Task letter = TaskMessages.deadLetter(message);
		return this.tasks.find(letter.id()).filter((known) -> known.state() == TaskState.DEAD).orElse(letter);
	}

	/**
	 * Puts a dead letter into the task queue as if it had never been tried.
	 * @param id its id
	 * @return the task, or nothing if there is no such dead letter
	 * @throws InterruptedException if the thread is interrupted
	 */
	public Optional<Task> replay(String id) throws InterruptedException {
		List<Task> replayed = new ArrayList<>();
		read((message) -> {
			Task letter = task(message);
			if (!letter.id().equals(id)) {
				return false;
			}
			// Somebody who died as he moved it may have left two of it.
			if (replayed.isEmpty()) {
				replayed.add(letter.replayed());
				publish(TaskMessages.untried(message));
			}
			return true;
		});
		replayed.forEach(this.events::announce);
		return replayed.stream().findFirst();
	}

	private void publish(Message message) {
		CorrelationData correlation = new CorrelationData();
		this.template.send("", WorkTopology.QUEUE, message, correlation);
		try {
			Confirmation.of(correlation).join().requireRouted();
		}
		catch (CompletionException ex) {
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : ex;
		}
	}

	/**
	 * Drops a dead letter.
	 * @param id its id
	 * @return whether there was one
	 * @throws InterruptedException if the thread is interrupted
	 */
	public boolean drop(String id) throws InterruptedException {
		return read((message) -> task(message).id().equals(id)) > 0;
	}

	/**
	 * Drops all dead letters, whatever their number and size: the broker does, and none
	 * is read.
	 */
	public void dropAll() {
		this.admin.initialize();
		this.admin.purgeQueue(WorkTopology.DEAD_LETTERS);
	}

	// One at a time: of two, each would hold letters that the other looks for.
	private int read(Predicate<Message> taken) throws InterruptedException {
		if (!this.lock.tryLock(MAX_WAIT_SECONDS, TimeUnit.SECONDS)) {
			throw new ProblemException(ProblemType.BUSY, "The dead letters are being read by others");
		}
		try {
			// Somebody may have deleted the queue.
			this.admin.initialize();
			return this.template.<Integer>execute((channel) -> read(channel, taken));
		}
		finally {
			this.lock.unlock();
		}
	}

	private int read(Channel channel, Predicate<Message> taken) throws IOException {
		int count = 0;
		long bytes = 0;
		try {
			// Not as many as the queue says it has: a quorum queue's count comes late.
			for (int i = 0; i < MAX_READ && bytes < MAX_BYTES; i++) {
				GetResponse letter = channel.basicGet(WorkTopology.DEAD_LETTERS, false);
				if (letter == null) {
					break;
				}
				bytes += letter.getBody().length;
				if (taken.test(new Message(letter.getBody(), this.converter.toMessageProperties(letter.getProps(),
						letter.getEnvelope(), StandardCharsets.UTF_8.name())))) {
					channel.basicAck(letter.getEnvelope().getDeliveryTag(), false);
					count++;
				}
			}
		}
		finally {
			// Rather than by closing the channel: a quorum queue may hear of that only
			// after the next request. If there are none left to give back, that is no
			// error.
			if (channel.isOpen()) {
				channel.basicNack(0, true, true);
				// Answered after they are back, so that a request on another channel
				// finds
				// them.
				channel.queueDeclarePassive(WorkTopology.DEAD_LETTERS);
			}
		}
		return count;
	}

}
