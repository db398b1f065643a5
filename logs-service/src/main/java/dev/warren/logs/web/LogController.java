package dev.warren.logs.web;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import dev.warren.logs.LogEmitter;
import dev.warren.logs.subscriptions.LogType;
import dev.warren.logs.subscriptions.Subscriptions;
import dev.warren.messaging.api.Problems;
import dev.warren.messaging.broker.Topology;
import dev.warren.messaging.message.Headers;
import dev.warren.messaging.message.Text;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.util.AlternativeJdkIdGenerator;
import org.springframework.util.IdGenerator;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Logs in. 202 once the broker has confirmed a log; whether anybody gets it is in the
 * answer.
 */
@Problems({ ProblemType.CONFLICT, ProblemType.BROKER_UNAVAILABLE, ProblemType.NOT_CONFIRMED, ProblemType.NOT_ROUTED })
@Tag(name = "Logs", description = "Into the exchanges")
@RestController
@RequestMapping("/logs")
class LogController {

	private static final String MESSAGE = "message";

	// With these RabbitMQ routes a message to more queues, or closes the channel.
	private static final Set<String> ROUTING_HEADERS = Set.of("CC", "BCC");

	private final LogEmitter emitter;

	private final Subscriptions subscriptions;

	private final Topology topology;

	private final IdGenerator ids = new AlternativeJdkIdGenerator();

	LogController(LogEmitter emitter, Subscriptions subscriptions, Topology topology) {
		this.emitter = emitter;
		this.subscriptions = subscriptions;
		this.topology = topology;
	}

	@Operation(summary = "Send a log to everyone")
	@PostMapping(path = "/fanout", consumes = MediaType.APPLICATION_JSON_VALUE)
	@ResponseStatus(HttpStatus.ACCEPTED)
	CompletableFuture<EmittedLog> fanout(@RequestBody FanoutLog log) {
		return emit(LogType.FANOUT, "", Map.of(), Text.of(log.message(), MESSAGE));
	}

	@Operation(summary = "Send a log that is a text to everyone")
	@PostMapping(path = "/fanout", consumes = MediaType.TEXT_PLAIN_VALUE)
	@ResponseStatus(HttpStatus.ACCEPTED)
	CompletableFuture<EmittedLog> fanout(
			@RequestBody(required = false) @Schema(example = "Hello World!") byte @Nullable [] text,
			@RequestHeader(name = "Content-Type", defaultValue = "text/plain") MediaType type) {
		return emit(LogType.FANOUT, "", Map.of(), Text.of((text != null) ? text : new byte[0], type));
	}

	@Operation(summary = "Send a log by its severity")
	@PostMapping(path = "/direct", consumes = MediaType.APPLICATION_JSON_VALUE)
	@ResponseStatus(HttpStatus.ACCEPTED)
	CompletableFuture<EmittedLog> direct(@RequestBody DirectLog log) {
		return emit(LogType.DIRECT, Keys.checked(log.severity(), "severity"), Map.of(),
				Text.of(log.message(), MESSAGE));
	}

	@Operation(summary = "Send a log by a dotted key",
			description = "'routingKey', or 'facility' and 'severity', of which it is made")
	@PostMapping(path = "/topic", consumes = MediaType.APPLICATION_JSON_VALUE)
	@ResponseStatus(HttpStatus.ACCEPTED)
	CompletableFuture<EmittedLog> topic(@RequestBody TopicLog log) {
		return emit(LogType.TOPIC, log.key(), Map.of(), Text.of(log.message(), MESSAGE));
	}

	@Operation(summary = "Send a log by its headers")
	@PostMapping(path = "/headers", consumes = MediaType.APPLICATION_JSON_VALUE)
	@ResponseStatus(HttpStatus.ACCEPTED)
	CompletableFuture<EmittedLog> headers(@RequestBody HeadersLog log) {
		return emit(LogType.HEADERS, "", checked(log.headers()), Text.of(log.message(), MESSAGE));
	}

	private CompletableFuture<EmittedLog> emit(LogType type, String routingKey,
			Map<String, ? extends @Nullable Object> headers, Text text) {
		this.topology.requireUsable(type.exchange());
		String id = this.ids.generateId().toString();
		return this.topology
			.declaringWhatIsMissing(() -> this.emitter.emit(type.exchange(), routingKey, headers, id, text.toString()),
					() -> this.subscriptions.bindAgain(type))
			.thenApply((confirmation) -> new EmittedLog(id, type.exchange(), routingKey, true, confirmation.routed()));
	}

	/**
	 * Checks headers a caller wants sent.
	 * @throws ProblemException if there are none, or AMQP cannot carry them
	 */
	static Map<String, @Nullable Object> checked(@Nullable Map<String, @Nullable Object> headers) {
		String fault = (headers != null) ? Headers.faultIn(headers) : "'headers' must not be missing";
		if (headers != null && headers.keySet().stream().anyMatch(ROUTING_HEADERS::contains)) {
			fault = "headers 'CC' and 'BCC' would route the log elsewhere";
		}
		if (headers == null || fault != null) {
			throw new ProblemException(ProblemType.INVALID_VALUE, String.valueOf(fault), "headers");
		}
		return headers;
	}

	/**
	 * A log that was sent.
	 *
	 * @param id its message id
	 * @param exchange the exchange
	 * @param routingKey its routing key
	 * @param confirmed that the broker has confirmed it
	 * @param routed whether it went to any queue
	 */
	record EmittedLog(String id, String exchange, String routingKey, boolean confirmed, boolean routed) {

	}

	/**
	 * A log to everyone.
	 *
	 * @param message its text, up to 64 KiB as UTF-8
	 */
	record FanoutLog(@Schema(example = "Hello World!") @Nullable String message) {

	}

	/**
	 * A log by its severity.
	 *
	 * @param severity the routing key, such as {@code error}
	 * @param message its text
	 */
	record DirectLog(@Nullable String severity, @Nullable String message) {

	}

	/**
	 * A log by a dotted key.
	 *
	 * @param routingKey the routing key, such as {@code kern.critical}
	 * @param facility the first part of the routing key, instead of it
	 * @param severity the second part
	 * @param message its text
	 */
	record TopicLog(@Nullable String routingKey, @Nullable String facility, @Nullable String severity,
			@Nullable String message) {

		String key() {
			if (this.facility == null && this.severity == null) {
				return Keys.checked(this.routingKey, "routingKey");
			}
			if (this.routingKey != null) {
				throw new ProblemException(ProblemType.INVALID_VALUE,
						"Either 'routingKey' or 'facility' and 'severity', not both", "routingKey");
			}
			return Keys.checked(Keys.checked(this.facility, "facility") + "." + Keys.checked(this.severity, "severity"),
					"facility");
		}

	}

	/**
	 * A log by its headers.
	 *
	 * @param headers texts, numbers, booleans, null, and lists and objects of these
	 * @param message its text
	 */
	record HeadersLog(@Nullable Map<String, @Nullable Object> headers, @Nullable String message) {

	}

}
