package dev.warren.broker.rabbitmq.definitions;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A virtual host.
 *
 * @param defaultQueueType the type of queues whose declaration names none, or null for
 * the broker's own default
 * @param isProtected whether it must not be deleted
 */
public record VirtualHostDefinition(String name, String description, List<String> tags,
		@Nullable String defaultQueueType, boolean isProtected) implements Definition {

	public VirtualHostDefinition {
		tags = List.copyOf(tags);
	}

	public VirtualHostDefinition(String name) {
		this(name, "", List.of(), null, false);
	}

	public VirtualHostDefinition withProtection(boolean isProtected) {
		return new VirtualHostDefinition(this.name, this.description, this.tags, this.defaultQueueType, isProtected);
	}

	@Override
	public String key() {
		return this.name;
	}

	@Override
	public Map<String, @Nullable Object> toMap() {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("name", this.name);
		map.put("description", this.description);
		map.put("tags", this.tags);
		if (this.defaultQueueType != null) {
			map.put("default_queue_type", this.defaultQueueType);
		}
		map.put("protected_from_deletion", this.isProtected);
		return map;
	}

}
