package dev.warren.broker.rabbitmq.definitions;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A parameter of a virtual host: what a component, such as {@code vhost-limits}, is told.
 *
 * @param value JSON as maps, lists, texts, numbers and booleans
 */
public record Parameter(String virtualHost, String component, String name, Object value) implements Definition {

	@Override
	public String key() {
		return Definition.key(this.virtualHost, this.component, this.name);
	}

	@Override
	public Map<String, @Nullable Object> toMap() {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("vhost", this.virtualHost);
		map.put("component", this.component);
		map.put("name", this.name);
		map.put("value", this.value);
		return map;
	}

}
