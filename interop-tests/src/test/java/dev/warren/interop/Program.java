package dev.warren.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A program of a {@link Client}, running. It ends by itself, with another status than 0
 * if something is not as it should be.
 */
final class Program implements AutoCloseable {

	private static final long PATIENCE_SECONDS = 60;

	private final List<String> command;

	private final Path output;

	private final Process process;

	/**
	 * Starts it.
	 * @param name for the file its output goes to
	 * @param environment variables it finds besides ours
	 */
	private Program(String name, List<String> command, Map<String, String> environment) throws IOException {
		this.command = command;
		this.output = Files.createTempFile(Files.createDirectories(Path.of("target", "programs")), name, ".log");
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(this.output.toFile());
		builder.environment().putAll(environment);
		this.process = builder.start();
		this.process.getOutputStream().close();
	}

	/**
	 * Starts a program of a client.
	 * @param broker host, port and virtual host
	 */
	static Program start(Client client, String broker, String program, String... arguments) throws IOException {
		return new Program(client.name().toLowerCase(Locale.ROOT) + "-" + program, client.command(program, arguments),
				Map.of("AMQP_ADDRESS", broker));
	}

	/**
	 * Starts a program of a client that declares its queue as today's tutorials do.
	 * @param broker host, port and virtual host
	 */
	static Program startCurrent(Client client, String broker, String program, String... arguments) throws IOException {
		return new Program(client.name().toLowerCase(Locale.ROOT) + "-current-" + program,
				client.command(program, arguments), Map.of("AMQP_ADDRESS", broker, "EDITION", "current"));
	}

	boolean hasEnded() {
		return !this.process.isAlive();
	}

	/**
	 * Waits until it has ended, which it must do with status 0.
	 * @return what it said
	 */
	String awaitSuccess() throws InterruptedException {
		return awaitExit(0);
	}

	/**
	 * Waits until it has ended, which it must do with a status.
	 * @return what it said
	 */
	String awaitExit(int status) throws InterruptedException {
		assertThat(this.process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
			.as(() -> "ends within %d s: %s".formatted(PATIENCE_SECONDS, description()))
			.isTrue();
		assertThat(this.process.exitValue()).as(this::description).isEqualTo(status);
		return output();
	}

	private String description() {
		return "%s, which said:%n%s".formatted(String.join(" ", this.command), output());
	}

	/**
	 * What it has said so far.
	 */
	String output() {
		try {
			return Files.readString(this.output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		// Also what a script has started.
		this.process.descendants().forEach(ProcessHandle::destroyForcibly);
		this.process.destroyForcibly().onExit().join();
	}

}
