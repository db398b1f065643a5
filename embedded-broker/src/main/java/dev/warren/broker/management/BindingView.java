package dev.warren.broker.management;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.warren.broker.definitions.AmqpJson;
import dev.warren.broker.rabbitmq.host.VirtualHost;
import dev.warren.broker.rabbitmq.queue.MessageQueue;
import dev.warren.broker.rabbitmq.routing.Binding;
import org.jspecify.annotations.Nullable;

/**
 * What is to be seen of a binding.
 *
 * @param destinationType {@link #QUEUE} or {@link #EXCHANGE}
 */
record BindingView(String virtualHost, String source, String destinationType, String destination, String key,
		Map<String, @Nullable Object> arguments) {

	static final String QUEUE = "queue";

	static final String EXCHANGE = "exchange";

	/** Instead of an empty routing key. */
	private static final String EMPTY = "~";

	/**
	 * All of a virtual host, also those that each queue has without being bound.
	 */
	static Stream<BindingView> all(VirtualHost virtualHost) {
		return Stream.concat(
				virtualHost.queuesByName()
					.stream()
					.map((queue) -> new BindingView(virtualHost.name(), "", QUEUE, queue.name(), queue.name(),
							Map.of())),
				virtualHost.exchangesByName()
					.stream()
					.flatMap((exchange) -> exchange.bindings().stream())
					.map((binding) -> of(virtualHost.name(), binding)));
	}

	private static BindingView of(String virtualHost, Binding binding) {
		return new BindingView(virtualHost, binding.source().name(),
				(binding.target() instanceof MessageQueue) ? QUEUE : EXCHANGE, binding.target().name(), binding.key(),
				binding.arguments());
	}

	boolean isTo(String type, String name) {
		return this.destinationType.equals(type) && this.destination.equals(name);
	}

	/**
	 * Whether that is, in an address, what stands for its routing key and arguments.
	 */
	boolean hasPropertiesKey(String decoded) {
		String own = propertiesKey();
		return own.equals(decoded) || own.equals(encode(decoded));
	}

	Map<String, @Nullable Object> toMap() {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("source", this.source);
		map.put("vhost", this.virtualHost);
		map.put("destination", this.destination);
		map.put("destination_type", this.destinationType);
		map.put("routing_key", this.key);
		map.put("arguments", AmqpJson.toJson(this.arguments));
		map.put("properties_key", propertiesKey());
		return map;
	}

	private String propertiesKey() {
		return propertiesKey(this.key, this.arguments);
	}

	/**
	 * What stands for a routing key and arguments in an address.
	 */
	static String propertiesKey(String key, Map<String, ? extends @Nullable Object> arguments) {
		if (arguments.isEmpty()) {
			return key.isEmpty() ? EMPTY : encode(key);
		}
		int hash = new TreeMap<String, @Nullable Object>(AmqpJson.toJson(arguments)).toString().hashCode();
		return encode(key) + EMPTY
				+ Base64.getUrlEncoder()
					.withoutPadding()
					.encodeToString(ByteBuffer.allocate(Integer.BYTES).putInt(hash).array());
	}

	static String encode(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A");
	}

}
