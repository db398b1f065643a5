package dev.warren.messaging.api;

import io.swagger.v3.oas.annotations.Hidden;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.HtmlUtils;

/**
 * The page at the root of a service, for those who follow the link that the suite prints:
 * what the service is, and where to go from there.
 */
@Hidden
@RestController
class HomePage {

	private final String page;

	HomePage(@Value("${spring.application.name}") String name, @Value("${warren.api.description}") String description) {
		this.page = """
				<!DOCTYPE html>
				<html lang="en">
				<head><meta charset="utf-8"><link rel="icon" href="data:,"><title>%1$s</title></head>
				<body>
				<h1>%1$s</h1>
				<p>%2$s. The lesson is in <code>%1$s/README.md</code>.</p>
				<ul>
				<li><a href="/swagger-ui.html">Try the API</a> (its <a href="/v3/api-docs">OpenAPI document</a>)</li>
				<li><a href="/actuator/health">Health</a>: is the broker there?</li>
				<li><a href="/actuator/prometheus">Metrics</a></li>
				<li><a href="/actuator/info">Version</a></li>
				</ul>
				</body>
				</html>
				""".formatted(HtmlUtils.htmlEscape(name), HtmlUtils.htmlEscape(description));
	}

	@GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE)
	String page() {
		return this.page;
	}

}
