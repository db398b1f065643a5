package dev.warren.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.springframework.util.function.SingletonSupplier;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * A client library of another language, and its programs in {@code src/test}.
 */
enum Client {

	/** Python's pika. */
	PIKA("pika", "python/pika/%s.py", () -> python("pika"), "a python3 with pika: Debian's python3-pika"),

	/** Python's py-amqp, which Celery uses. */
	PY_AMQP("py-amqp", "python/amqp/%s.py", () -> python("amqp"), "a python3 with py-amqp: Debian's python3-amqp"),

	/** Python's py-amqplib, which speaks AMQP 0-8 and authenticates by AMQPLAIN. */
	PY_AMQPLIB("py-amqplib", "python/amqplib/%s.py", () -> python("amqplib"),
			"a python3 with py-amqplib: Debian's python3-amqplib"),

	/** amqplib for Node. */
	NODE("Node amqplib", "node/%s.js", Client::node, "node, npm and, the first time, the npm registry"),

	/** The command line of rabbitmq-c. */
	AMQP_TOOLS("amqp-tools", "amqp-tools/%s.sh", Client::bash, "bash and Debian's amqp-tools");

	private static final Path SOURCES = Path.of("src", "test").toAbsolutePath();

	private final String label;

	private final String programs;

	private final Supplier<Optional<List<String>>> interpreter;

	private final String needs;

	Client(String label, String programs, Supplier<Optional<List<String>>> interpreter, String needs) {
		this.label = label;
		this.programs = programs;
		this.interpreter = SingletonSupplier.of(interpreter);
		this.needs = needs;
	}

	/**
	 * Whether this machine has the client.
	 */
	boolean isThere() {
		return this.interpreter.get().isPresent();
	}

	/**
	 * Skips the test if this machine does not have the client, and fails it in CI, which
	 * must have all.
	 */
	void require() {
		if (!isThere()) {
			String reason = "%s needs %s".formatted(this, this.needs);
			if (System.getenv("CI") != null) {
				fail(reason);
			}
			abort(reason);
		}
	}

	/**
	 * The command that runs a program.
	 * @param program the name of its file, without the extension
	 */
	List<String> command(String program, String... arguments) {
		Path path = SOURCES.resolve(this.programs.formatted(program));
		return Stream.of(this.interpreter.get().orElseThrow(), List.of(path.toString()), List.of(arguments))
			.flatMap(List::stream)
			.toList();
	}

	@Override
	public String toString() {
		return this.label;
	}

	/**
	 * Debian's packages are for its own python3, which need not be the first on the path.
	 * It writes nothing beside the programs.
	 */
	private static Optional<List<String>> python(String module) {
		return Stream.of("/usr/bin/python3", "python3")
			.filter((python) -> succeeds(Path.of(""), python, "-c", "import " + module))
			.map((python) -> List.of(python, "-u", "-B"))
			.findFirst();
	}

	private static Optional<List<String>> node() {
		Path directory = SOURCES.resolve("node");
		boolean present = succeeds(directory, "node", "--version")
				&& (succeeds(directory, "npm", "ls") || succeeds(directory, "npm", "ci", "--no-audit", "--no-fund"));
		return present ? Optional.of(List.of("node")) : Optional.empty();
	}

	private static Optional<List<String>> bash() {
		boolean present = succeeds(Path.of(""), "bash", "-c", "command -v amqp-publish amqp-get amqp-consume");
		return present ? Optional.of(List.of("bash")) : Optional.empty();
	}

	private static boolean succeeds(Path directory, String... command) {
		try {
			Process process = new ProcessBuilder(command).directory(directory.toAbsolutePath().toFile())
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
			boolean ended = process.waitFor(2, TimeUnit.MINUTES);
			process.destroyForcibly();
			return ended && process.exitValue() == 0;
		}
		catch (IOException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
