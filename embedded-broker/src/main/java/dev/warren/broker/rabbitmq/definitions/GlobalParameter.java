package dev.warren.broker.rabbitmq.definitions;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A parameter of the broker, such as {@code cluster_name}.
 *
 * @param value JSON as maps, lists, texts, numbers and booleans
 */
public record GlobalParameter(String name, Object value) implements Definition {

	@Override
	public String key() {
		return this.name;
	}

	@Override
	public Map<String, @Nullable Object> toMap() {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("name", this.name);
		map.put("value", this.value);
		return map;
	}

}
