package dev.warren.logs;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonValue;
import com.rabbitmq.client.BuiltinExchangeType;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges logs go to, one of each type, and when a binding of theirs matches.
 */
enum LogExchange {

	/** Tutorial 3: everything to everyone. */
	FANOUT("logs", BuiltinExchangeType.FANOUT) {

		@Override
		boolean matches(Binding binding, String routingKey, Map<String, ? extends @Nullable Object> headers) {
			return true;
		}

	},

	/** Tutorial 4: by severity. */
	DIRECT("direct_logs", BuiltinExchangeType.DIRECT) {

		@Override
		boolean matches(Binding binding, String routingKey, Map<String, ? extends @Nullable Object> headers) {
			return binding.key().equals(routingKey);
		}

	},

	/** Tutorial 5: by pattern. */
	TOPIC("topic_logs", BuiltinExchangeType.TOPIC) {

		@Override
		boolean matches(Binding binding, String routingKey, Map<String, ? extends @Nullable Object> headers) {
			return TopicPattern.matches(binding.key(), routingKey);
		}

	},

	/** By headers: AMQP's fourth type, which has no tutorial. */
	HEADERS("headers_logs", BuiltinExchangeType.HEADERS) {

		@Override
		boolean matches(Binding binding, String routingKey, Map<String, ? extends @Nullable Object> headers) {
			return HeadersPattern.matches(binding.headers(), headers);
		}

	};

	private final String exchange;

	private final BuiltinExchangeType exchangeType;

	LogExchange(String exchange, BuiltinExchangeType exchangeType) {
		this.exchange = exchange;
		this.exchangeType = exchangeType;
	}

	/**
	 * Tells, as the broker would, whether a binding lets a message through.
	 * @param binding a binding to this exchange
	 * @param routingKey the message's routing key
	 * @param headers the message's headers
	 */
	abstract boolean matches(Binding binding, String routingKey, Map<String, ? extends @Nullable Object> headers);

	/**
	 * The name of the exchange.
	 */
	String exchange() {
		return this.exchange;
	}

	BuiltinExchangeType exchangeType() {
		return this.exchangeType;
	}

	/**
	 * The keys of bindings, where it looks at them.
	 */
	List<String> keys(List<Binding> bindings) {
		return (this == DIRECT || this == TOPIC) ? bindings.stream().map(Binding::key).toList() : List.of();
	}

	/**
	 * The headers of bindings, where it looks at them.
	 */
	List<Map<String, @Nullable Object>> headers(List<Binding> bindings) {
		return (this == HEADERS) ? bindings.stream().map(Binding::headers).toList() : List.of();
	}

	/**
	 * The type's name, in AMQP as in JSON.
	 */
	@JsonValue
	String type() {
		return name().toLowerCase(Locale.ROOT);
	}

	static LogExchange ofType(@Nullable String type) {
		return Stream.of(values())
			.filter((exchange) -> exchange.type().equals(type))
			.findFirst()
			.orElseThrow(() -> new ProblemException(ProblemType.INVALID_VALUE,
					"'type' must be one of " + Stream.of(values())
						.map((exchange) -> "'" + exchange.type() + "'")
						.collect(Collectors.joining(", ")),
					"type"));
	}

}
