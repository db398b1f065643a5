package dev.warren.broker.definitions;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.warren.broker.rabbitmq.definitions.Definitions;
import dev.warren.broker.rabbitmq.definitions.Parameter;
import tools.jackson.databind.JsonNode;

/**
 * The limits of a virtual host as the parameter that they are to RabbitMQ.
 */
public final class VirtualHostLimits {

	/** The limits there are. */
	public static final List<String> NAMES = List.of("max-connections", "max-queues");

	private VirtualHostLimits() {
	}

	/**
	 * Reads limits.
	 * @throws IllegalArgumentException if they are no limits, in RabbitMQ's words
	 */
	public static Parameter read(String virtualHost, JsonNode json) {
		List<String> complaints = new ArrayList<>();
		Map<String, Object> limits = new LinkedHashMap<>();
		if (!json.isObject()) {
			complaints.add("limits not a list " + json);
		}
		json.properties().forEach((limit) -> {
			if (!NAMES.contains(limit.getKey())) {
				complaints.add("Unrecognised terms '" + limit.getKey() + "' in limits");
			}
			else if (!limit.getValue().isInt()) {
				complaints.add(limit.getKey() + " should be a number, actually was " + limit.getValue());
			}
			else {
				limits.put(limit.getKey(), limit.getValue().asInt());
			}
		});
		if (!complaints.isEmpty()) {
			throw new IllegalArgumentException("Validation failed\n\n" + String.join("\n", complaints) + "\n");
		}
		return Definitions.limits(virtualHost, limits);
	}

}
