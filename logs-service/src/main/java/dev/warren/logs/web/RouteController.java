package dev.warren.logs.web;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.warren.logs.subscriptions.LogType;
import dev.warren.logs.subscriptions.Subscription;
import dev.warren.logs.subscriptions.Subscriptions;
import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Tells who would get a log, without sending one.
 */
@Tag(name = "Routes", description = "Who would get a log")
@RestController
class RouteController {

	private static final TypeReference<LinkedHashMap<String, @Nullable Object>> HEADERS = new TypeReference<>() {
	};

	private final Subscriptions subscriptions;

	private final JsonMapper jsonMapper;

	RouteController(Subscriptions subscriptions, JsonMapper jsonMapper) {
		this.subscriptions = subscriptions;
		this.jsonMapper = jsonMapper;
	}

	@Operation(summary = "Which subscriptions would get a log, and by which bindings",
			description = "'routingKey' for the types direct and topic, 'headers', a JSON object, for the type headers")
	@GetMapping("/routes")
	List<Subscription.Route> routes(
			@RequestParam @Schema(allowableValues = { "fanout", "direct", "topic", "headers" }) String type,
			@RequestParam(required = false) @Nullable String routingKey,
			@RequestParam(required = false) @Nullable String headers) {
		LogType logType = LogType.of(type);
		String key = logType.isByKey() ? Keys.checked(routingKey, "routingKey") : "";
		Map<String, @Nullable Object> table = (logType == LogType.HEADERS) ? table(headers) : Map.of();
		return this.subscriptions.list()
			.stream()
			.filter((subscription) -> subscription.type() == logType)
			.flatMap((subscription) -> subscription.route(key, table).stream())
			.toList();
	}

	private Map<String, @Nullable Object> table(@Nullable String headers) {
		try {
			return LogController.checked((headers != null) ? this.jsonMapper.readValue(headers, HEADERS) : null);
		}
		catch (JacksonException ex) {
			throw new ProblemException(ProblemType.INVALID_VALUE, "'headers' must be a JSON object", "headers");
		}
	}

}
