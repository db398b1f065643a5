package dev.warren.broker.management;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.warren.broker.management.sample.Columns;
import dev.warren.broker.management.sample.Sampler;
import dev.warren.broker.management.sample.Samples;
import dev.warren.broker.rabbitmq.connection.ConnectionSnapshot;
import dev.warren.broker.rabbitmq.host.VirtualHost;
import dev.warren.broker.rabbitmq.queue.MessageQueue;
import dev.warren.broker.rabbitmq.stats.Counters;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * What there is in all, and what was done: in the broker, or in what a caller may see of
 * it.
 */
@Component
final class Totals {

	private final Sampler sampler;

	private final Connections connections;

	Totals(Sampler sampler, Connections connections) {
		this.sampler = sampler;
		this.connections = connections;
	}

	/**
	 * As in the overview.
	 * @param virtualHosts those that the caller may see
	 */
	void put(Map<String, @Nullable Object> map, Caller caller, List<VirtualHost> virtualHosts, Listing listing) {
		Samples samples = samples(caller, virtualHosts);
		Counters counters = new Counters();
		virtualHosts.forEach((one) -> counters.addAll(one.stats().total()));
		MessageStats.put(map, counters, samples, listing);
		map.put("churn_rates",
				MessageStats.churn(virtualHosts.stream().map(VirtualHost::stats).toList(), samples, listing));
		Map<String, @Nullable Object> messages = new LinkedHashMap<>(messages(virtualHosts));
		MessageStats.putLengths(messages, samples, listing);
		map.put("queue_totals", messages);
		map.put("object_totals", objects(virtualHosts, this.connections.visible(caller)));
	}

	/**
	 * Somebody who may not see everything has no samples of several virtual hosts.
	 */
	private Samples samples(Caller caller, List<VirtualHost> virtualHosts) {
		return caller.has(Tag.MONITORING) ? this.sampler.total()
				: this.sampler.of((virtualHosts.size() == 1) ? virtualHosts.get(0).stats() : virtualHosts);
	}

	private static Map<String, Object> messages(List<VirtualHost> virtualHosts) {
		long ready = virtualHosts.stream()
			.flatMap((one) -> one.queues().all().stream())
			.mapToLong(MessageQueue::readyCount)
			.sum();
		long all = Math.max(ready, virtualHosts.stream().mapToLong((one) -> one.queues().messages().sum()).sum());
		return Map.of("messages", all, "messages_ready", ready, "messages_unacknowledged", all - ready);
	}

	private static Map<String, Object> objects(List<VirtualHost> virtualHosts, List<ConnectionSnapshot> connections) {
		int queues = 0;
		int exchanges = 0;
		int consumers = 0;
		for (VirtualHost one : virtualHosts) {
			queues += one.queues().all().size();
			exchanges += one.exchanges().all().size();
			for (MessageQueue queue : one.queues().all()) {
				consumers += queue.consumers().size();
			}
		}
		int channels = connections.stream().mapToInt((one) -> one.channels().size()).sum();
		return Map.of("channels", channels, "connections", connections.size(), "consumers", consumers, "exchanges",
				exchanges, "queues", queues);
	}

	/**
	 * As of a virtual host.
	 */
	void put(Map<String, @Nullable Object> map, VirtualHost virtualHost, Listing listing) {
		Samples samples = this.sampler.of(virtualHost.stats());
		map.putAll(messages(List.of(virtualHost)));
		MessageStats.putLengths(map, samples, listing);
		MessageStats.put(map, virtualHost.stats().total(), samples, listing);
		long received = 0;
		long sent = 0;
		for (ConnectionSnapshot one : this.connections.to(virtualHost)) {
			received += one.traffic().octetsReceived();
			sent += one.traffic().octetsSent();
		}
		map.put("recv_oct", received);
		map.put("recv_oct_details", samples.details(Columns.OCTETS_RECEIVED, listing.range("data_rates")));
		map.put("send_oct", sent);
		map.put("send_oct_details", samples.details(Columns.OCTETS_SENT, listing.range("data_rates")));
	}

}
