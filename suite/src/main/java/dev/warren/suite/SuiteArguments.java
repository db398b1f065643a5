package dev.warren.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Who gets which of the suite's properties: one that begins with the name of a part, as
 * {@code hello-service.server.port} does, is that part's alone; the others are
 * everybody's. A part's own may also be given as environment variables or system
 * properties ({@code HELLO_SERVICE_SERVER_PORT}).
 */
final class SuiteArguments {

	/**
	 * What the broker is told unless the user says otherwise. A learner learns from the
	 * services who connects, and wants to see what happens when something goes wrong.
	 */
	private static final Map<String, String> FOR_LEARNERS = Map.of("warren.broker.operator-log", "false",
			"warren.broker.faults", "true");

	private final StandardEnvironment environment = new StandardEnvironment();

	private final List<String> common;

	SuiteArguments(String... arguments) {
		this.environment.getPropertySources().addFirst(new SimpleCommandLinePropertySource(arguments));
		ConfigurationPropertySources.attach(this.environment);
		this.common = Stream.of(arguments)
			.filter((argument) -> parts().noneMatch((part) -> isFor(part, argument)))
			.toList();
	}

	private static Stream<Part> parts() {
		return Stream.concat(Stream.of(Part.BROKER, Part.CONSOLE), Part.SERVICES.stream());
	}

	private static boolean isFor(Part part, String argument) {
		return argument.startsWith("--" + part.name() + ".");
	}

	StandardEnvironment environment() {
		return this.environment;
	}

	/**
	 * Whether the suite runs a broker of its own.
	 * @throws BindException if the property is neither true nor false
	 */
	boolean isBrokerEnabled() {
		return Binder.get(this.environment).bind("warren.broker.enabled", Boolean.class).orElse(true);
	}

	String[] forPart(Part part) {
		Map<String, String> own = Binder.get(this.environment)
			.bind(part.name(), Bindable.mapOf(String.class, String.class))
			.orElse(Map.of());
		List<String> arguments = new ArrayList<>(this.common);
		// The suite stops the parts itself, and they have things to say until the end.
		arguments.add("--logging.register-shutdown-hook=false");
		if (part == Part.BROKER) {
			FOR_LEARNERS.forEach((name, value) -> {
				if (!this.environment.containsProperty(name) && !own.containsKey(name)) {
					arguments.add("--" + name + "=" + value);
				}
			});
		}
		own.forEach((name, value) -> arguments.add("--" + name + "=" + value));
		return arguments.toArray(String[]::new);
	}

}
