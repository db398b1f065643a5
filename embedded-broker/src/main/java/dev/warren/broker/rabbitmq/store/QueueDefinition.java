package dev.warren.broker.rabbitmq.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What a queue was declared to be, by a client or, of delayed messages, by the broker.
 *
 * @param durable whether it outlives the broker
 * @param exclusive whether it belongs to the connection that declared it, and goes with
 * it
 * @param autoDelete whether it goes with its last consumer
 * @param arguments the optional arguments, as declared
 */
public record QueueDefinition(String name, boolean durable, boolean exclusive, boolean autoDelete,
		Map<String, @Nullable Object> arguments) {

	private static final String TYPE = "x-queue-type";

	private static final String CLASSIC = "classic";

	/** No client can declare a queue of such a name. */
	private static final String DELAY_QUEUE_PREFIX = "amq.delayed.";

	/**
	 * The queue of the broker's own in which the messages of a delayed exchange wait.
	 */
	public static QueueDefinition ofDelayQueue(ExchangeDefinition exchange, Map<String, @Nullable Object> arguments) {
		return new QueueDefinition(DELAY_QUEUE_PREFIX + exchange.name(), exchange.durable(), false, false, arguments);
	}

	/**
	 * The same queue with other arguments.
	 */
	public QueueDefinition with(Map<String, @Nullable Object> arguments) {
		return new QueueDefinition(this.name, this.durable, this.exclusive, this.autoDelete, arguments);
	}

	/**
	 * The same queue, of that type if its arguments name none and it can be of that type.
	 */
	public QueueDefinition ofTypeByDefault(String type) {
		boolean possible = type.equals(CLASSIC) || this.durable && !this.exclusive && !this.autoDelete;
		if (!possible || this.arguments.containsKey(TYPE)) {
			return this;
		}
		Map<String, @Nullable Object> typed = new LinkedHashMap<>(this.arguments);
		typed.put(TYPE, type);
		return with(typed);
	}

	public String type() {
		return Objects.toString(this.arguments.get(TYPE), CLASSIC);
	}

	public boolean isDelayQueue() {
		return this.name.startsWith(DELAY_QUEUE_PREFIX);
	}

}
