package dev.warren.logs.web;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;

import dev.warren.logs.LogsProperties;
import dev.warren.logs.subscriptions.LogLine;
import dev.warren.logs.subscriptions.LogType;
import dev.warren.logs.subscriptions.Subscription;
import dev.warren.logs.subscriptions.Subscriptions;
import dev.warren.messaging.api.Problems;
import dev.warren.messaging.feed.EventStreams;
import dev.warren.messaging.problem.ProblemType;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Subscriptions, and the logs they get.
 */
@Tag(name = "Subscriptions", description = "Who gets logs")
@RestController
@RequestMapping("/subscriptions")
class SubscriptionController {

	private final Subscriptions subscriptions;

	private final EventStreams streams;

	private final LogsProperties properties;

	SubscriptionController(Subscriptions subscriptions, EventStreams streams, LogsProperties properties) {
		this.subscriptions = subscriptions;
		this.streams = streams;
		this.properties = properties;
	}

	@Operation(summary = "Begin a subscription",
			description = "'bindingKeys' for the types direct and topic, "
					+ "'bindingHeaders' for the type headers; 201 once its queue is bound")
	@Problems({ ProblemType.CONFLICT, ProblemType.BROKER_UNAVAILABLE })
	@ResponseStatus(HttpStatus.CREATED)
	@PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<Subscription.Status> begin(@RequestBody SubscriptionRequest request) {
		LogType type = LogType.of(request.type());
		Subscription subscription = this.subscriptions.begin(type,
				new BindingsRequest(request.bindingKeys(), request.bindingHeaders()).of(type,
						this.properties.maxBindings()));
		return ResponseEntity.created(URI.create("/subscriptions/" + subscription.id())).body(subscription.status());
	}

	@Operation(summary = "The subscriptions")
	@GetMapping
	List<Subscription.Status> list() {
		return this.subscriptions.list().stream().map(Subscription::status).toList();
	}

	@Operation(summary = "A subscription")
	@Problems(ProblemType.NOT_FOUND)
	@GetMapping("/{id}")
	Subscription.Status get(@PathVariable String id) {
		return this.subscriptions.get(id).status();
	}

	@Operation(summary = "Give a subscription other bindings",
			description = "What matches both the old and the new is not missed")
	@Problems({ ProblemType.NOT_FOUND, ProblemType.CONFLICT, ProblemType.BROKER_UNAVAILABLE })
	@PutMapping(path = "/{id}/bindings", consumes = MediaType.APPLICATION_JSON_VALUE)
	Subscription.Status rebind(@PathVariable String id, @RequestBody BindingsRequest request) {
		LogType type = this.subscriptions.get(id).type();
		return this.subscriptions.rebind(id, request.of(type, this.properties.maxBindings())).status();
	}

	@Operation(summary = "End a subscription")
	@Problems(ProblemType.NOT_FOUND)
	@DeleteMapping("/{id}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void end(@PathVariable String id) {
		this.subscriptions.end(id);
	}

	@Operation(summary = "What a subscription got, newest first")
	@Problems(ProblemType.NOT_FOUND)
	@GetMapping("/{id}/messages")
	List<LogLine> received(@PathVariable String id, @RequestParam(defaultValue = "100") @Min(1) @Max(1000) int limit) {
		return this.subscriptions.get(id).feed().newest(limit);
	}

	@Operation(summary = "What a subscription gets, as it gets it",
			description = "An event 'gap' tells that lines may be missing, since the broker was away")
	@Problems({ ProblemType.NOT_FOUND, ProblemType.BUSY })
	@GetMapping(path = { "/{id}/messages/stream", "/{id}/stream" }, produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	void stream(@PathVariable String id, HttpServletRequest request, HttpServletResponse response) throws IOException {
		Subscription subscription = this.subscriptions.get(id);
		this.streams.stream(subscription.feed(), request, response);
		if (!this.subscriptions.list().contains(subscription)) {
			// Ended in between, too early for this stream to be ended with it.
			this.streams.end(subscription.feed());
		}
	}

	/**
	 * A subscription to begin.
	 *
	 * @param type fanout, direct, topic or headers
	 * @param bindingKeys for direct and topic: keys; in those of a topic {@code *} is one
	 * word and {@code #} any number of words
	 * @param bindingHeaders for headers: what to match, each with {@code x-match} all
	 * (default) or any
	 */
	record SubscriptionRequest(@Schema(example = "direct", allowableValues = {
			"fanout", "direct", "topic", "headers" },
			requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String type,
			@Schema(example = "[\"error\"]") @Nullable List<@Nullable String> bindingKeys,
			@Nullable List<@Nullable Map<String, @Nullable Object>> bindingHeaders){

	}

}
