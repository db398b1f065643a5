package dev.warren.messaging.api;

import java.util.Comparator;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import dev.warren.messaging.problem.ProblemException;
import dev.warren.messaging.problem.ProblemType;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springdoc.core.customizers.GlobalOperationCustomizer;

import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.method.HandlerMethod;

/**
 * Adds to an operation what it answers besides its result: the problems of every
 * operation and those that its controller names in {@link Problems}. A text is something
 * to type in, and not a file to choose.
 */
final class AnswersCustomizer implements GlobalOperationCustomizer, GlobalOpenApiCustomizer {

	static final String PROBLEM = "#/components/schemas/Problem";

	private static final String JSON_PROBLEM = org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE;

	private static final String TEXT = org.springframework.http.MediaType.TEXT_PLAIN_VALUE;

	private static final String EVENTS = org.springframework.http.MediaType.TEXT_EVENT_STREAM_VALUE;

	@Override
	public Operation customize(Operation operation, HandlerMethod method) {
		describeText(operation, method);
		describeStream(operation, method);
		operation.getResponses().computeIfPresent("204", (status, answer) -> answer.content(null));
		Problems own = method.getMethodAnnotation(Problems.class);
		own = (own != null) ? own : method.getBeanType().getAnnotation(Problems.class);
		Set<ProblemType> problems = (own != null) ? EnumSet.of(own.value()[0], own.value())
				: EnumSet.noneOf(ProblemType.class);
		problems.addAll(Set.of(ProblemType.INVALID_VALUE, ProblemType.MALFORMED_REQUEST, ProblemType.FORBIDDEN,
				ProblemType.NOT_ACCEPTABLE));
		if (operation.getRequestBody() != null) {
			problems.addAll(Set.of(ProblemType.TOO_SLOW, ProblemType.TOO_LARGE, ProblemType.UNSUPPORTED_MEDIA_TYPE,
					ProblemType.BUSY));
		}
		problems.forEach((problem) -> describe(problem, operation.getResponses()));
		operation.setResponses(sorted(operation.getResponses()));
		return operation;
	}

	private static void describeText(Operation operation, HandlerMethod method) {
		MediaType text = (operation.getRequestBody() != null) ? operation.getRequestBody().getContent().get(TEXT)
				: null;
		if (text == null) {
			return;
		}
		text.setSchema(new StringSchema());
		for (var parameter : method.getMethodParameters()) {
			var schema = parameter.getParameterAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
			if (schema != null && parameter.hasParameterAnnotation(RequestBody.class)) {
				text.setExample(schema.example());
			}
		}
		// The page offers the first.
		Content content = new Content();
		content.addMediaType(TEXT, text);
		operation.getRequestBody().getContent().forEach(content::putIfAbsent);
		operation.getRequestBody().setContent(content);
	}

	// A method that writes a stream returns nothing.
	private static void describeStream(Operation operation, HandlerMethod method) {
		RequestMapping mapping = AnnotatedElementUtils.findMergedAnnotation(method.getMethod(), RequestMapping.class);
		if (mapping != null && Set.of(mapping.produces()).contains(EVENTS)) {
			operation.getResponses()
				.addApiResponse("200", new ApiResponse().description("The events, as they happen")
					.content(new Content().addMediaType(EVENTS, new MediaType().schema(new StringSchema()))));
		}
	}

	private static void describe(ProblemType type, ApiResponses responses) {
		ApiResponse answer = responses.computeIfAbsent(String.valueOf(type.status().value()),
				(status) -> new ApiResponse());
		Content content = answer.getContent();
		if (content == null) {
			content = new Content();
			answer.setContent(content);
		}
		MediaType problem = content.computeIfAbsent(JSON_PROBLEM,
				(mediaType) -> new MediaType().schema(new Schema<>().$ref(PROBLEM)));
		var example = type.withDetail("What is wrong in this case");
		String title = String.valueOf(example.getTitle());
		if (problem.getExamples() == null || !problem.getExamples().containsKey(name(type))) {
			answer.setDescription((answer.getDescription() != null) ? answer.getDescription() + "; " + title : title);
			problem.addExamples(name(type), new Example().value(example(type)));
		}
		if (type.status() == HttpStatus.SERVICE_UNAVAILABLE) {
			answer.addHeaderObject(HttpHeaders.RETRY_AFTER,
					new Header().description("When to try again, in seconds").schema(new IntegerSchema()));
		}
	}

	private static String name(ProblemType type) {
		return String.valueOf(type.withDetail("").getType()).replaceFirst(".*:", "");
	}

	private static Map<String, Object> example(ProblemType type) {
		var problem = type.withDetail("");
		return Map.of("type", String.valueOf(problem.getType()), "title", String.valueOf(problem.getTitle()), "status",
				problem.getStatus(), "detail", "What is wrong in this case");
	}

	private static ApiResponses sorted(ApiResponses responses) {
		ApiResponses sorted = new ApiResponses();
		sorted.putAll(new TreeMap<>(responses));
		return sorted;
	}

	@Override
	public void customise(OpenAPI document) {
		document.getComponents().addSchemas("Problem", problem());
		// The first thing to try on the page is to send something.
		document.getPaths()
			.values()
			.stream()
			.flatMap((path) -> path.readOperations().stream())
			.filter((operation) -> operation.getRequestBody() != null
					&& operation.getRequestBody().getContent().containsKey(TEXT))
			.map((operation) -> operation.getTags().get(0))
			.findFirst()
			.ifPresent((first) -> document.getTags().sort(Comparator.comparing((tag) -> !tag.getName().equals(first))));
	}

	private static Schema<?> problem() {
		Schema<?> problem = new ObjectSchema().description("Why there is no result (RFC 9457)");
		problem.addProperty("type",
				new StringSchema().format("uri").description("The kind of problem, which is stable"));
		problem.addProperty("title", new StringSchema().description("The kind of problem in words"));
		problem.addProperty("status", new IntegerSchema().description("The HTTP status"));
		problem.addProperty("detail", new StringSchema().description("What is wrong in this case"));
		problem.addProperty("instance",
				new StringSchema().format("uri-reference").description("The path of the request"));
		problem.addProperty(ProblemException.FIELD, new StringSchema().description("The field or parameter at fault"));
		return problem.addRequiredItem("type")
			.addRequiredItem("title")
			.addRequiredItem("status")
			.addRequiredItem("detail");
	}

}
