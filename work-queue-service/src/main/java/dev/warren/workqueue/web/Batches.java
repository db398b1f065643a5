package dev.warren.workqueue.web;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import dev.warren.messaging.broker.Topology;
import dev.warren.messaging.log.Reason;
import dev.warren.workqueue.PublisherConfirms;
import dev.warren.workqueue.Sender;
import dev.warren.workqueue.tasks.Task;
import dev.warren.workqueue.tasks.TaskEvents;
import dev.warren.workqueue.web.BatchReceipt.Unconfirmed;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.stereotype.Component;

/**
 * Sends tasks together and tells what became of each. Their ids are the batch's and their
 * index.
 */
@Component
class Batches {

	private final PublisherConfirms confirms;

	private final Topology topology;

	private final TaskEvents events;

	Batches(PublisherConfirms confirms, Topology topology, TaskEvents events) {
		this.confirms = confirms;
		this.topology = topology;
		this.events = events;
	}

	/**
	 * Sends a batch. It returns when the broker has confirmed all tasks or when it is
	 * certain that it does not.
	 */
	BatchReceipt send(List<String> texts, ConfirmStrategy strategy) {
		String batch = UUID.randomUUID().toString();
		List<Message> tasks = new ArrayList<>();
		Map<String, Instant> submitted = new HashMap<>();
		Instant now = Instant.now();
		for (int i = 0; i < texts.size(); i++) {
			tasks.add(Sender.task(batch + "-" + i, texts.get(i)));
			// Each a little later than the one before: in this order they are listed.
			submitted.put(batch + "-" + i, now.plusNanos(i));
		}
		Set<String> confirmed = ConcurrentHashMap.newKeySet();
		Set<String> returned = ConcurrentHashMap.newKeySet();
		long start = System.nanoTime();
		String failure = send(tasks, strategy, submitted, confirmed, returned);
		Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
		List<Unconfirmed> unconfirmed = new ArrayList<>();
		for (int i = 0; i < texts.size(); i++) {
			String id = id(tasks.get(i));
			if (returned.contains(id)) {
				unconfirmed.add(new Unconfirmed(i, id, "No queue takes the task; the broker has returned it"));
			}
			else if (!confirmed.contains(id)) {
				unconfirmed.add(new Unconfirmed(i, id, "Not confirmed: " + failure));
			}
		}
		return BatchReceipt.of(batch, strategy, texts.size(), unconfirmed, elapsed);
	}

	private @Nullable String send(List<Message> tasks, ConfirmStrategy strategy, Map<String, Instant> submitted,
			Set<String> confirmed, Set<String> returned) {
		try {
			strategy.send(this.confirms, tasks, (task) -> {
				confirmed.add(id(task));
				if (!returned.contains(id(task))) {
					String text = new String(task.getBody(), StandardCharsets.UTF_8);
					this.events
						.announce(Task.submitted(id(task), text, Objects.requireNonNull(submitted.get(id(task)))));
				}
			}, returned::add);
			if (!returned.isEmpty()) {
				this.topology.initialize();
			}
			return null;
		}
		catch (AmqpException ex) {
			return Reason.of(ex);
		}
	}

	private static String id(Message task) {
		return String.valueOf(task.getMessageProperties().getMessageId());
	}

}
