package dev.warren.workqueue;

import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConfirmCallback;
import com.rabbitmq.client.ReturnListener;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.core.RabbitOperations;
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

	private static final long TIMEOUT_MILLIS = 5000;

	private final RabbitTemplate template;

	PublisherConfirms(@Qualifier("simpleConfirmsTemplate") RabbitTemplate template) {
		this.template = template;
	}

	/** Waits for each confirm before it sends the next message. */
	public void individually(List<Message> tasks, Consumer<Message> confirmed, Consumer<String> returned) {
		this.template.<Boolean>invoke((operations) -> listening(operations, returned, () -> {
			for (Message task : tasks) {
				operations.send("", WorkTopology.QUEUE, task);
				operations.waitForConfirmsOrDie(TIMEOUT_MILLIS);
				confirmed.accept(task);
			}
		}));
	}

	/** Waits for the confirms of a hundred messages before it sends the next hundred. */
	public void inBatches(List<Message> tasks, Consumer<Message> confirmed, Consumer<String> returned) {
		this.template.<Boolean>invoke((operations) -> listening(operations, returned, () -> {
			for (int i = 0; i < tasks.size(); i += BATCH) {
				List<Message> batch = tasks.subList(i, Math.min(i + BATCH, tasks.size()));
				batch.forEach((task) -> operations.send("", WorkTopology.QUEUE, task));
				operations.waitForConfirmsOrDie(TIMEOUT_MILLIS);
				batch.forEach(confirmed);
			}
		}));
	}

	/**
	 * Hears of each confirm while it sends, from the connection's own thread, and waits
	 * only in the end, for those that are still to come.
	 */
	public void asynchronously(List<Message> tasks, Consumer<Message> confirmed, Consumer<String> returned) {
		ConcurrentNavigableMap<Long, Message> outstanding = new ConcurrentSkipListMap<>();
		ConfirmCallback acked = (sequenceNumber, multiple) -> {
			ConcurrentNavigableMap<Long, Message> settled = outstanding.subMap(multiple ? 0 : sequenceNumber, true,
					sequenceNumber, true);
			settled.values().forEach(confirmed);
			settled.clear();
		};
		// A nack fails the wait in the end.
		ConfirmCallback nacked = (sequenceNumber, multiple) -> {
		};
		this.template.<Boolean>invoke((operations) -> listening(operations, returned, () -> {
			for (Message task : tasks) {
				outstanding.put(operations.<Long>execute(Channel::getNextPublishSeqNo), task);
				operations.send("", WorkTopology.QUEUE, task);
			}
			operations.waitForConfirmsOrDie(TIMEOUT_MILLIS);
		}), acked, nacked);
	}

	// The broker returns a message before it confirms it.
	private static boolean listening(RabbitOperations operations, Consumer<String> returned, Runnable sending) {
		ReturnListener listener = operations.<ReturnListener>execute((channel) -> channel
			.addReturnListener((message) -> returned.accept(String.valueOf(message.getProperties().getMessageId()))));
		try {
			sending.run();
			return true;
		}
		finally {
			operations.<Boolean>execute((channel) -> channel.removeReturnListener(listener));
		}
	}

}
