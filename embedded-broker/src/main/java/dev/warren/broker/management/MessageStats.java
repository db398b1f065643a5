package dev.warren.broker.management;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.warren.broker.management.sample.Columns;
import dev.warren.broker.management.sample.Samples;
import dev.warren.broker.rabbitmq.stats.Churn;
import dev.warren.broker.rabbitmq.stats.Count;
import dev.warren.broker.rabbitmq.stats.Counters;
import dev.warren.broker.rabbitmq.stats.ExchangeStats;
import dev.warren.broker.rabbitmq.stats.Traffic;
import dev.warren.broker.rabbitmq.stats.VirtualHostStats;
import org.jspecify.annotations.Nullable;

/**
 * Writes what was counted, and at what rate, as RabbitMQ's {@code message_stats} and the
 * like.
 */
final class MessageStats {

	private static final List<Count> PUBLISHING = List.of(Count.CONFIRM, Count.DROP_UNROUTABLE, Count.PUBLISH,
			Count.RETURN_UNROUTABLE);

	private static final List<Count> CONSUMING = List.of(Count.ACK, Count.DELIVER, Count.DELIVER_NO_ACK, Count.GET,
			Count.GET_EMPTY, Count.GET_NO_ACK, Count.REDELIVER);

	private static final String DETAILS = "_details";

	private MessageStats() {
	}

	/**
	 * Of a channel, a virtual host or the broker. What nobody has done yet is left out.
	 */
	static void put(Map<String, @Nullable Object> map, Counters counters, Samples samples, Listing listing) {
		put(map, counters, PUBLISHING, samples, listing);
	}

	/**
	 * Of a queue, which neither confirms nor returns.
	 */
	static void putOfQueue(Map<String, @Nullable Object> map, Counters counters, Samples samples, Listing listing) {
		put(map, counters, List.of(Count.PUBLISH), samples, listing);
	}

	private static void put(Map<String, @Nullable Object> map, Counters counters, List<Count> publishing,
			Samples samples, Listing listing) {
		Map<String, Object> stats = new LinkedHashMap<>();
		if (isAny(counters, CONSUMING)) {
			CONSUMING.forEach((count) -> put(stats, count, counters, samples, listing));
			stats.put("deliver_get", Columns.deliverGet(counters));
			stats.put("deliver_get_details", samples.details(Columns.DELIVER_GET, listing.range("msg_rates")));
		}
		if (isAny(counters, publishing)) {
			publishing.forEach((count) -> put(stats, count, counters, samples, listing));
		}
		if (!stats.isEmpty()) {
			map.put("message_stats", stats);
		}
	}

	private static boolean isAny(Counters counters, List<Count> counts) {
		return counts.stream().anyMatch((count) -> counters.get(count) > 0);
	}

	private static void put(Map<String, Object> stats, Count count, Counters counters, Samples samples,
			Listing listing) {
		String name = name(count);
		stats.put(name, counters.get(count));
		stats.put(name + DETAILS, samples.details(count.ordinal(), listing.range("msg_rates")));
	}

	private static String name(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT);
	}

	static void put(Map<String, @Nullable Object> map, ExchangeStats counters, Samples samples, Listing listing) {
		if (counters.in() > 0) {
			Map<String, Object> stats = new LinkedHashMap<>();
			stats.put("publish_in", counters.in());
			stats.put("publish_in_details", samples.details(Columns.EXCHANGE_IN, listing.range("msg_rates")));
			stats.put("publish_out", counters.out());
			stats.put("publish_out_details", samples.details(Columns.EXCHANGE_OUT, listing.range("msg_rates")));
			map.put("message_stats", stats);
		}
	}

	/**
	 * At what rate queues get longer.
	 */
	static void putLengths(Map<String, @Nullable Object> map, Samples samples, Listing listing) {
		map.put("messages_details", samples.details(Columns.MESSAGES, listing.range("lengths")));
		map.put("messages_ready_details", samples.details(Columns.READY, listing.range("lengths")));
		map.put("messages_unacknowledged_details", samples.details(Columns.UNACKNOWLEDGED, listing.range("lengths")));
	}

	static void put(Map<String, @Nullable Object> map, Traffic traffic, Samples samples, Listing listing) {
		map.put("recv_cnt", traffic.reads());
		map.put("recv_oct", traffic.octetsReceived());
		map.put("recv_oct_details", samples.details(Columns.CONNECTION_RECEIVED, listing.range("data_rates")));
		map.put("send_cnt", traffic.writes());
		map.put("send_oct", traffic.octetsSent());
		map.put("send_oct_details", samples.details(Columns.CONNECTION_SENT, listing.range("data_rates")));
		map.put("send_pend", 0);
	}

	static Map<String, Object> churn(List<VirtualHostStats> virtualHosts, Samples samples, Listing listing) {
		Map<String, Object> rates = new LinkedHashMap<>();
		for (Churn churn : Churn.values()) {
			rates.put(name(churn), virtualHosts.stream().mapToLong((one) -> one.get(churn)).sum());
			rates.put(name(churn) + DETAILS,
					samples.details(Columns.CHURNED + churn.ordinal(), listing.range("msg_rates")));
		}
		return rates;
	}

}
