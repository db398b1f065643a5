package dev.warren.broker.app;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;

/**
 * What the jar says of itself when asked for help: its commands, and its properties as
 * the annotation processor wrote them down, with the defaults of the app.
 */
final class Usage {

	private static final List<String> OPTIONS = List.of("--help", "-h", "help");

	private static final String PREFIX = "warren.broker.";

	private static final String TEXT = """
			An AMQP 0-9-1 broker that behaves as RabbitMQ.

			  java -jar embedded-broker-exec.jar [--PROPERTY=VALUE]...
			      starts the broker
			  java -jar embedded-broker-exec.jar ctl COMMAND
			      runs a command against a broker that runs
			  java -jar embedded-broker-exec.jar certificates [--directory=DIRECTORY] [--host=NAME]... [USER]...
			      makes certificates for TLS

			A property may also be a variable, such as WARREN_BROKER_PORT, or be in a file embedded-broker.yml
			beside the jar. Those of the broker, and their defaults:

			""";

	private static final String OTHERS = """

			server.address, server.port and server.ssl.bundle are of the HTTP side; all others are Spring Boot's.
			""";

	private Usage() {
	}

	static boolean isAskedFor(List<String> args) {
		return args.stream().anyMatch(OPTIONS::contains);
	}

	static String text() throws IOException {
		StringBuilder text = new StringBuilder(TEXT);
		PropertySource<?> ofApp = new YamlPropertySourceLoader()
			.load("app", new ClassPathResource("embedded-broker.yml", Usage.class.getClassLoader()))
			.get(0);
		properties().forEach((name, property) -> {
			Object value = ofApp.getProperty(name);
			String standard = (value != null) ? value.toString() : property.path("defaultValue").asString("");
			text.append("  %-46s %-10s %s%n".formatted(name, standard, property.path("description").asString("")));
		});
		return text.append(OTHERS).toString();
	}

	private static Map<String, JsonNode> properties() throws IOException {
		Map<String, JsonNode> properties = new TreeMap<>();
		ClassLoader classLoader = Usage.class.getClassLoader();
		for (URL file : Collections.list(classLoader.getResources("META-INF/spring-configuration-metadata.json"))) {
			try (InputStream json = file.openStream()) {
				for (JsonNode property : JsonMapper.shared().readTree(json).path("properties")) {
					String name = property.path("name").asString("");
					if (name.startsWith(PREFIX)) {
						properties.put(name, property);
					}
				}
			}
		}
		return properties;
	}

}
