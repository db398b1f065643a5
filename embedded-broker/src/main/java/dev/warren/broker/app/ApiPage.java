package dev.warren.broker.app;

import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.HtmlUtils;

/**
 * The page of the management API: what it has, and where RabbitMQ describes it.
 */
@RestController
class ApiPage {

	private final ObjectProvider<RequestMappingHandlerMapping> mappings;

	ApiPage(@Qualifier("requestMappingHandlerMapping") ObjectProvider<RequestMappingHandlerMapping> mappings) {
		this.mappings = mappings;
	}

	@GetMapping(path = { "/api", "/api/index.html" }, produces = MediaType.TEXT_HTML_VALUE)
	String page() {
		String rows = this.mappings.getObject()
			.getHandlerMethods()
			.keySet()
			.stream()
			.flatMap((mapping) -> paths(mapping).stream()
				.map((path) -> new Operation(path, mapping.getMethodsCondition().toString())))
			.filter((operation) -> operation.path.startsWith("/api/") && !operation.path.endsWith(".html"))
			.collect(Collectors.groupingBy(Operation::path, TreeMap::new,
					Collectors.mapping(Operation::methods, Collectors.joining(" "))))
			.entrySet()
			.stream()
			.map((row) -> "<tr><td>%s</td><td><code>%s</code></td></tr>%n".formatted(
					HtmlUtils.htmlEscape(row.getValue().replaceAll("[\\[\\]]", "")),
					HtmlUtils.htmlEscape(row.getKey().replace("{kind:[qe]}", "q|e"))))
			.collect(Collectors.joining());
		return """
				<!DOCTYPE html>
				<html lang="en">
				<head><meta charset="utf-8"><link rel="icon" href="data:,"><title>Management API</title></head>
				<body>
				<h1>Management API</h1>
				<p>It is the one of RabbitMQ 4, and described in
				<a href="https://www.rabbitmq.com/docs/http-api-reference">RabbitMQ's reference</a>. The virtual host
				<code>/</code> is written <code>%2F</code>:
				<code>curl -u guest:guest localhost:15672/api/queues/%2F</code></p>
				<table>
				""" + rows + """
				</table>
				</body>
				</html>
				""";
	}

	private static List<String> paths(RequestMappingInfo mapping) {
		return List.copyOf(mapping.getPatternValues());
	}

	/**
	 * What may be asked of a path.
	 */
	private record Operation(String path, String methods) {

	}

}
