package dev.warren.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * RabbitMQ's command line for the management API, of two generations.
 */
enum Rabbitmqadmin {

	/** The Python program that came with RabbitMQ up to 4.2. */
	PYTHON("rabbitmqadmin of RabbitMQ 3", "Debian's rabbitmq-server", true, "/usr/bin/rabbitmqadmin"),

	/** The program that takes its place since. */
	RUST("rabbitmqadmin 2", "WARREN_TEST_RABBITMQADMIN, the program of a newer RabbitMQ", false,
			System.getenv("WARREN_TEST_RABBITMQADMIN"));

	private static final Map<String, List<String>> NEWER_WORDS = Map.of("publish", List.of("publish", "message"), "get",
			List.of("get", "messages"), "permission", List.of("permissions"), "export",
			List.of("definitions", "export"), "import", List.of("definitions", "import"));

	private final String label;

	private final String needs;

	private final boolean inEveryCi;

	private final Optional<Path> program;

	Rabbitmqadmin(String label, String needs, boolean inEveryCi, @Nullable String program) {
		this.label = label;
		this.needs = needs;
		this.inEveryCi = inEveryCi;
		this.program = Optional.ofNullable(program).map(Path::of).filter(Files::isExecutable);
	}

	/**
	 * Skips the test if this machine does not have it; fails it in a CI that must.
	 */
	void require() {
		if (this.program.isEmpty()) {
			String reason = "%s needs %s".formatted(this, this.needs);
			if (this.inEveryCi && System.getenv("CI") != null) {
				fail(reason);
			}
			abort(reason);
		}
	}

	/**
	 * Runs it, which must end well.
	 * @param arguments in the manner of Python: {@code declare queue name=orders}
	 * @return what it said
	 */
	String run(ManagedBroker broker, String... arguments) throws IOException, InterruptedException {
		Result result = attempt(broker, arguments);
		if (result.status != 0) {
			throw new AssertionError(String.join(" ", arguments) + ": " + result);
		}
		return result.output;
	}

	/**
	 * Runs it, whatever comes of it.
	 */
	Result attempt(ManagedBroker broker, String... arguments) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(
				List.of(this.program.orElseThrow().toString(), "--host", broker.management().getHost(), "--port",
						String.valueOf(broker.management().getPort()), "--username", "guest", "--password", "guest"));
		Stream.of(arguments).flatMap(this::translated).forEach(command::add);
		Path output = Files.createTempFile(Files.createDirectories(Path.of("target", "programs")), "admin", ".log");
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
		process.getOutputStream().close();
		if (!process.waitFor(1, TimeUnit.MINUTES)) {
			process.destroyForcibly();
			fail(command + " does not end");
		}
		return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
	}

	/**
	 * The newer one has options, and other words for some things.
	 */
	private Stream<String> translated(String argument) {
		int separator = argument.indexOf('=');
		if (this == PYTHON) {
			return Stream.of(argument.startsWith("file=") ? argument.substring(separator + 1) : argument);
		}
		return (separator < 0) ? NEWER_WORDS.getOrDefault(argument, List.of(argument)).stream() : Stream
			.of("--" + argument.substring(0, separator).replace('_', '-'), argument.substring(separator + 1));
	}

	@Override
	public String toString() {
		return this.label;
	}

	/**
	 * What it did.
	 *
	 * @param status its exit status
	 * @param output everything it said
	 */
	record Result(int status, String output) {

	}

}
