package dev.warren.broker.rabbitmq.definitions;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A policy: settings for the queues and exchanges of a virtual host whose names match.
 *
 * @param applyTo {@code queues}, {@code classic_queues}, {@code quorum_queues},
 * {@code streams}, {@code exchanges} or {@code all}
 * @param definition the settings, such as {@code max-length}
 * @param priority of those that match, the one with the highest counts
 * @see <a href="https://www.rabbitmq.com/docs/policies">Policies</a>
 */
public record Policy(String virtualHost, String name, String pattern, String applyTo, Map<String, Object> definition,
		int priority) implements Definition {

	public Policy {
		definition = Map.copyOf(definition);
	}

	@Override
	public String key() {
		return Definition.key(this.virtualHost, this.name);
	}

	@Override
	public Map<String, @Nullable Object> toMap() {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("vhost", this.virtualHost);
		map.put("name", this.name);
		map.put("pattern", this.pattern);
		map.put("apply-to", this.applyTo);
		map.put("definition", this.definition);
		map.put("priority", this.priority);
		return map;
	}

}
