package dev.warren.broker.management;

import java.util.List;
import java.util.Map;

import dev.warren.broker.rabbitmq.host.VirtualHost;
import dev.warren.broker.rabbitmq.queue.MessageQueue;

/**
 * How many messages there are in all queues together.
 */
final class QueueTotals {

	private QueueTotals() {
	}

	static Map<String, Object> of(List<VirtualHost> virtualHosts) {
		long ready = virtualHosts.stream()
			.flatMap((one) -> Resources.queues(one).stream())
			.mapToLong(MessageQueue::readyCount)
			.sum();
		long all = Math.max(ready, virtualHosts.stream().mapToLong((one) -> one.queues().messages().sum()).sum());
		return Map.of("messages", all, "messages_ready", ready, "messages_unacknowledged", all - ready);
	}

}
