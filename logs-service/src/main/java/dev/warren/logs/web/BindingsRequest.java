package dev.warren.logs.web;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import dev.warren.logs.subscriptions.Binding;
import dev.warren.logs.subscriptions.LogType;
import dev.warren.messaging.message.Headers;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import org.jspecify.annotations.Nullable;

/**
 * The bindings a caller wants.
 *
 * @param bindingKeys for direct and topic exchanges
 * @param bindingHeaders for headers exchanges
 */
record BindingsRequest(@Nullable List<@Nullable String> bindingKeys,
		@Nullable List<@Nullable Map<String, @Nullable Object>> bindingHeaders) {

	private static final String KEYS = "bindingKeys";

	private static final String HEADERS = "bindingHeaders";

	private static final String ALL = "all";

	private static final String ANY = "any";

	/**
	 * The bindings, each once.
	 * @throws ProblemException if they are not what the type needs
	 */
	List<Binding> of(LogType type, int maxBindings) {
		List<Binding> byKey = checked(this.bindingKeys, KEYS, type.isByKey(), type, maxBindings).stream()
			.map((key) -> bindingKey(key, type))
			.toList();
		List<Binding> byHeaders = checked(this.bindingHeaders, HEADERS, type == LogType.HEADERS, type, maxBindings)
			.stream()
			.map(BindingsRequest::bindingHeaders)
			.toList();
		return (type == LogType.FANOUT) ? List.of(Binding.ofKey(""))
				: Stream.concat(byKey.stream(), byHeaders.stream()).distinct().toList();
	}

	private static <T extends @Nullable Object> List<T> checked(@Nullable List<T> values, String field, boolean needed,
			LogType type, int max) {
		List<T> given = (values != null) ? values : List.of();
		String fault = null;
		if (given.isEmpty() == needed) {
			fault = needed ? "The type '%s' needs at least one of '%s'".formatted(type.type(), field)
					: "'%s' are of no use with the type '%s'".formatted(field, type.type());
		}
		else if (given.size() > max) {
			fault = "'%s' are more than the %d that warren.logs.max-bindings allows".formatted(field, max);
		}
		if (fault != null) {
			throw new ProblemException(ProblemType.INVALID_VALUE, fault, field);
		}
		return given;
	}

	private static Binding bindingKey(@Nullable String key, LogType type) {
		String checked = Keys.checked(key, KEYS);
		if (type == LogType.TOPIC) {
			for (String word : checked.split("\\.", -1)) {
				// To the broker a word like any other, which the caller cannot mean.
				if (word.length() > 1 && (word.contains("*") || word.contains("#"))) {
					throw new ProblemException(ProblemType.INVALID_VALUE,
							"'*' and '#' stand for whole words; '%s' is part of '%s'".formatted(word, checked), KEYS);
				}
			}
		}
		return Binding.ofKey(checked);
	}

	private static Binding bindingHeaders(@Nullable Map<String, @Nullable Object> headers) {
		if (headers == null) {
			throw new ProblemException(ProblemType.INVALID_VALUE, "'%s' must not have a null".formatted(HEADERS),
					HEADERS);
		}
		String fault = Headers.faultIn(headers);
		Object match = headers.getOrDefault("x-match", ALL);
		if (!Objects.equals(match, ALL) && !Objects.equals(match, ANY)) {
			fault = "'x-match' must be 'all' or 'any'";
		}
		for (Map.Entry<String, @Nullable Object> header : headers.entrySet()) {
			if (header.getValue() instanceof List || header.getValue() instanceof Map) {
				fault = "header '%s' is a list or an object, which cannot be matched".formatted(header.getKey());
			}
		}
		if (headers.keySet().stream().allMatch((name) -> name.startsWith("x-"))) {
			fault = "one of '%s' has no header to match; names that begin with 'x-' do not count".formatted(HEADERS);
		}
		if (fault != null) {
			throw new ProblemException(ProblemType.INVALID_VALUE, fault, HEADERS);
		}
		return Binding.ofHeaders(Collections.unmodifiableMap(new LinkedHashMap<>(headers)));
	}

}
