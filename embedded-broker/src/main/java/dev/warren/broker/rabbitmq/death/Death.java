package dev.warren.broker.rabbitmq.death;

import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * How a message left a queue.
 *
 * @param exchange the exchange it had been published to
 * @param routingKeys the keys it had been published with
 * @param originalExpiration its expiration property, which it loses
 */
public record Death(String queue, String reason, String exchange, List<String> routingKeys,
		@Nullable String originalExpiration, Date time) {

	Map<String, @Nullable Object> toTable() {
		Map<String, @Nullable Object> table = new LinkedHashMap<>();
		table.put("count", 1L);
		table.put("exchange", this.exchange);
		if (this.originalExpiration != null) {
			table.put("original-expiration", this.originalExpiration);
		}
		table.put("queue", this.queue);
		table.put("reason", this.reason);
		table.put("routing-keys", new ArrayList<>(this.routingKeys));
		table.put("time", this.time);
		return table;
	}

}
