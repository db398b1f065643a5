package dev.warren.logs.subscriptions;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A binding of a subscription's queue to its exchange.
 *
 * @param key the binding key, which fanout and headers exchanges ignore
 * @param headers the headers to match, the binding's arguments, which only headers
 * exchanges look at
 */
public record Binding(String key, Map<String, @Nullable Object> headers) {

	/**
	 * A binding by a key.
	 * @param key the key
	 * @return the binding
	 */
	public static Binding ofKey(String key) {
		return new Binding(key, Map.of());
	}

	/**
	 * A binding by headers.
	 * @param headers the headers to match
	 * @return the binding
	 */
	public static Binding ofHeaders(Map<String, @Nullable Object> headers) {
		return new Binding("", headers);
	}

}
