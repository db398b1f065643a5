package dev.warren.broker.app;

import dev.warren.broker.EmbeddedBroker;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.HtmlUtils;

/**
 * The page at the root: what this is, and where to go from there.
 */
@RestController
class HomePage {

	private final String page;

	HomePage(EmbeddedBroker broker) {
		this.page = """
				<!DOCTYPE html>
				<html lang="en">
				<head><meta charset="utf-8"><link rel="icon" href="data:,"><title>embedded-broker</title></head>
				<body>
				<h1>embedded-broker</h1>
				<p>An AMQP 0-9-1 broker, at <code>%s:%d</code>, with queues and messages in %s.
				More of it is in <code>embedded-broker/README.md</code>.</p>
				<ul>
				<li><a href="/actuator/health">Health</a></li>
				<li><a href="/api">Management API</a>, for RabbitMQ's own tools</li>
				<li><a href="/actuator/upgradereport">Upgrade report</a>: what its clients did that
				RabbitMQ after %s refuses or does otherwise, or has deprecated</li>
				</ul>
				</body>
				</html>
				""".formatted(HtmlUtils.htmlEscape(broker.host()), broker.port(),
				HtmlUtils
					.htmlEscape(broker.dataDir().map((directory) -> "the directory " + directory).orElse("memory")),
				broker.version());
	}

	@GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE)
	String page() {
		return this.page;
	}

}
