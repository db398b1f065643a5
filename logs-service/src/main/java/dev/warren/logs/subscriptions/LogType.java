package dev.warren.logs.subscriptions;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.warren.logs.LogsTopology;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import org.jspecify.annotations.Nullable;

/**
 * The types of the exchanges logs go to, one of each, and when a binding of theirs
 * matches.
 */
public enum LogType {

	/** Tutorial 3: everything to everyone. */
	FANOUT(LogsTopology.FANOUT),

	/** Tutorial 4: by severity. */
	DIRECT(LogsTopology.DIRECT),

	/** Tutorial 5: by pattern. */
	TOPIC(LogsTopology.TOPIC),

	/** By headers. */
	HEADERS(LogsTopology.HEADERS);

	private final String exchange;

	LogType(String exchange) {
		this.exchange = exchange;
	}

	/**
	 * The exchange of this type.
	 * @return its name
	 */
	public String exchange() {
		return this.exchange;
	}

	/**
	 * Whether the exchange looks at routing keys.
	 * @return whether it does
	 */
	public boolean isByKey() {
		return this == DIRECT || this == TOPIC;
	}

	/**
	 * Tells, as the broker would, whether a binding lets a message through.
	 * @param binding a binding to the exchange
	 * @param routingKey the message's routing key
	 * @param headers the message's headers
	 */
	boolean matches(Binding binding, String routingKey, Map<String, ? extends @Nullable Object> headers) {
		return switch (this) {
			case FANOUT -> true;
			case DIRECT -> binding.key().equals(routingKey);
			case TOPIC -> TopicPattern.matches(binding.key(), routingKey);
			case HEADERS -> HeadersPattern.matches(binding.headers(), headers);
		};
	}

	/**
	 * The keys of bindings, where the exchange looks at them.
	 */
	List<String> keys(List<Binding> bindings) {
		return isByKey() ? bindings.stream().map(Binding::key).toList() : List.of();
	}

	/**
	 * The headers of bindings, where the exchange looks at them.
	 */
	List<Map<String, @Nullable Object>> headers(List<Binding> bindings) {
		return (this == HEADERS) ? bindings.stream().map(Binding::headers).toList() : List.of();
	}

	/**
	 * The type's name, in AMQP as in JSON.
	 * @return the name
	 */
	@JsonValue
	public String type() {
		return name().toLowerCase(Locale.ROOT);
	}

	/**
	 * A type by its name.
	 * @param type the name
	 * @return the type
	 * @throws ProblemException if there is none of that name
	 */
	public static LogType of(@Nullable String type) {
		return Stream.of(values())
			.filter((candidate) -> candidate.type().equals(type))
			.findFirst()
			.orElseThrow(() -> new ProblemException(ProblemType.INVALID_VALUE,
					"'type' must be one of "
							+ Stream.of(values()).map(LogType::type).collect(Collectors.joining("', '", "'", "'")),
					"type"));
	}

}
