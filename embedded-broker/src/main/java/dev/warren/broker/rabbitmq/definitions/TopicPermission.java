package dev.warren.broker.rabbitmq.definitions;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a user may do with the routing keys of a topic exchange, in regular expressions.
 */
public record TopicPermission(String virtualHost, String user, String exchange, String write,
		String read) implements Definition {

	@Override
	public String key() {
		return Definition.key(this.virtualHost, this.user, this.exchange);
	}

	@Override
	public Map<String, @Nullable Object> toMap() {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("user", this.user);
		map.put("vhost", this.virtualHost);
		map.put("exchange", this.exchange);
		map.put("write", this.write);
		map.put("read", this.read);
		return map;
	}

}
