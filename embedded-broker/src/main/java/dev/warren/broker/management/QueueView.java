package dev.warren.broker.management;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.warren.broker.definitions.AmqpJson;
import dev.warren.broker.management.sample.Sampler;
import dev.warren.broker.management.sample.Samples;
import dev.warren.broker.rabbitmq.queue.MessageQueue;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * What is to be seen of a queue.
 */
@Component
final class QueueView {

	private final Sampler sampler;

	private final Connections connections;

	QueueView(Sampler sampler, Connections connections) {
		this.sampler = sampler;
		this.connections = connections;
	}

	/**
	 * As in a list of queues.
	 */
	Map<String, @Nullable Object> brief(MessageQueue queue, Listing listing) {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		int ready = queue.readyCount();
		long unacknowledged = Math.max(0, queue.stats().messages().sum() - ready);
		map.put("arguments", AmqpJson.toJson(queue.definition().arguments()));
		map.put("auto_delete", queue.definition().autoDelete());
		map.put("consumers", queue.consumers().size());
		map.put("durable", queue.definition().durable());
		map.put("effective_policy_definition", queue.policy().definition());
		map.put("exclusive", queue.definition().exclusive());
		map.put("messages", ready + unacknowledged);
		map.put("messages_ready", ready);
		map.put("messages_unacknowledged", unacknowledged);
		Samples samples = this.sampler.of(queue.stats());
		MessageStats.putLengths(map, samples, listing);
		MessageStats.putOfQueue(map, queue.stats().counters(), samples, listing);
		map.put("name", queue.name());
		map.put("node", OverviewController.NODE);
		queue.policy().names().forEach(map::put);
		map.put("state", "running");
		map.put("type", queue.definition().type());
		map.put("vhost", queue.queues().virtualHostName());
		return map;
	}

	/**
	 * As of a single queue.
	 */
	Map<String, @Nullable Object> full(MessageQueue queue, Listing listing) {
		Map<String, @Nullable Object> map = brief(queue, listing);
		map.put("consumer_details", this.connections.consumersOf(queue).map(ConnectionView::consumer).toList());
		map.put("deliveries", List.of());
		map.put("incoming", List.of());
		return map;
	}

}
