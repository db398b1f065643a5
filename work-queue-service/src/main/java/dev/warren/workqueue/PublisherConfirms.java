package dev.warren.workqueue;

import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

import dev.warren.messaging.publish.ReturnedMessages;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/**
 * Tutorial 7: three ways to wait for the broker's confirms of many messages. Each sends
 * them in order over one channel and tells which were confirmed and which returned, since
 * no queue took them; the returned ones are confirmed, too. It throws an
 * {@link AmqpException} when one is not confirmed, after which no more are sent.
 */
@Component
public class PublisherConfirms {

	private static final int BATCH = 100;

	private static final int MAX_UNCONFIRMED = 500;

	private static final long TIMEOUT_MILLIS = 5000;

	private final RabbitTemplate template;

	PublisherConfirms(@Qualifier("simpleConfirmsTemplate") RabbitTemplate template) {
		this.template = template;
	}

	/**
	 * Waits for each confirm before it sends the next message.
	 * @param tasks what to send
	 * @param confirmed is told what was confirmed
	 * @param returned is told the ids of those that were returned
	 */
	public void individually(List<Message> tasks, Consumer<Message> confirmed, Consumer<String> returned) {
		inBatchesOf(1, tasks, confirmed, returned);
	}

	/**
	 * Waits for the confirms of a hundred messages before it sends the next hundred.
	 * @param tasks what to send
	 * @param confirmed is told what was confirmed
	 * @param returned is told the ids of those that were returned
	 */
	public void inBatches(List<Message> tasks, Consumer<Message> confirmed, Consumer<String> returned) {
		inBatchesOf(BATCH, tasks, confirmed, returned);
	}

	private void inBatchesOf(int size, List<Message> tasks, Consumer<Message> confirmed, Consumer<String> returned) {
		this.template.<Boolean>invoke((operations) -> {
			ReturnedMessages.during(operations, returned, () -> {
				for (int i = 0; i < tasks.size(); i += size) {
					List<Message> batch = tasks.subList(i, Math.min(i + size, tasks.size()));
					batch.forEach((task) -> operations.send("", WorkTopology.QUEUE, task));
					operations.waitForConfirmsOrDie(TIMEOUT_MILLIS);
					batch.forEach(confirmed);
				}
			});
			return true;
		});
	}

	/**
	 * Hears of each confirm while it sends, from the connection's own thread, and waits
	 * only when five hundred are still to come, and in the end.
	 * @param tasks what to send
	 * @param confirmed is told what was confirmed
	 * @param returned is told the ids of those that were returned
	 */
	public void asynchronously(List<Message> tasks, Consumer<Message> confirmed, Consumer<String> returned) {
		ConcurrentNavigableMap<Long, Message> outstanding = new ConcurrentSkipListMap<>();
		this.template.<Boolean>invoke((operations) -> {
			ReturnedMessages.during(operations, returned, () -> {
				for (Message task : tasks) {
					outstanding.put(operations.<Long>execute((channel) -> channel.getNextPublishSeqNo()), task);
					operations.send("", WorkTopology.QUEUE, task);
					if (outstanding.size() >= MAX_UNCONFIRMED) {
						operations.waitForConfirmsOrDie(TIMEOUT_MILLIS);
					}
				}
				operations.waitForConfirmsOrDie(TIMEOUT_MILLIS);
			});
			return true;
		}, (sequenceNumber, multiple) -> {
			ConcurrentNavigableMap<Long, Message> settled = outstanding.subMap(multiple ? 0 : sequenceNumber, true,
					sequenceNumber, true);
			settled.values().forEach(confirmed);
			settled.clear();
		}, (sequenceNumber, multiple) -> outstanding.remove(sequenceNumber)); // fails the
																				// wait
	}

}
