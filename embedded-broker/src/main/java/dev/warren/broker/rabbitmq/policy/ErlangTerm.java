package dev.warren.broker.rabbitmq.policy;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * JSON values as RabbitMQ's messages show them.
 */
final class ErlangTerm {

	private ErlangTerm() {
	}

	static String of(@Nullable Object json) {
		if (json instanceof String text) {
			boolean latin = text.chars().allMatch((character) -> character < 128);
			return "<<\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + (latin ? "\">>" : "\"/utf8>>");
		}
		if (json instanceof Collection<?> list) {
			return list.stream().map(ErlangTerm::of).collect(Collectors.joining(",", "[", "]"));
		}
		if (json instanceof Map<?, ?> map) {
			return map.entrySet()
				.stream()
				.map((entry) -> of(entry.getKey()) + " => " + of(entry.getValue()))
				.collect(Collectors.joining(",", "#{", "}"));
		}
		return String.valueOf(json);
	}

	/**
	 * A list of names with their values.
	 */
	static String properties(Map<String, ? extends @Nullable Object> values) {
		return values.entrySet()
			.stream()
			.map((entry) -> "{" + of(entry.getKey()) + "," + of(entry.getValue()) + "}")
			.collect(Collectors.joining(",", "[", "]"));
	}

}
