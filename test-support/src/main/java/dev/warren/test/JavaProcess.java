package dev.warren.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.warren.broker.app.EmbeddedBrokerApplication;
import org.awaitility.Awaitility;

/**
 * A program of Warren as a process of its own, to be killed, terminated or frozen.
 */
public final class JavaProcess implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final Pattern HTTP_PORT = Pattern.compile("Tomcat started on port (\\d+) ");

	private static final Pattern AMQP_PORT = Pattern.compile("accepts AMQP connections at 127\\.0\\.0\\.1:(\\d+),");

	private static final int TAIL = 10_000;

	private final Process process;

	private final Path output;

	private JavaProcess(Path directory, List<String> program, String... arguments) throws IOException {
		// It lives for seconds: the optimizing compiler would not pay off.
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
		command.addAll(program);
		command.addAll(List.of(arguments));
		this.output = Files.createTempFile(directory, "process", ".out");
		this.process = new ProcessBuilder(command).directory(directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(this.output.toFile())
			.start();
	}

	/**
	 * Starts a class with the class path of the tests.
	 * @param directory where it runs, and where its output goes
	 * @param main the class with the main method
	 * @param arguments its arguments, nothing is added to them
	 */
	public static JavaProcess start(Path directory, Class<?> main, String... arguments) throws IOException {
		return new JavaProcess(directory, List.of("-cp", System.getProperty("java.class.path"), main.getName()),
				arguments);
	}

	/**
	 * Starts an executable jar.
	 */
	public static JavaProcess startJar(Path directory, Path jar, String... arguments) throws IOException {
		return new JavaProcess(directory, List.of("-jar", jar.toAbsolutePath().toString()), arguments);
	}

	/**
	 * Starts a service on a free port, with a broker at an address.
	 */
	public static JavaProcess startService(Path directory, Class<?> main, String brokerAddress, String... arguments)
			throws IOException {
		List<String> all = new ArrayList<>(List.of("--server.port=0", "--spring.rabbitmq.addresses=" + brokerAddress));
		all.addAll(List.of(arguments));
		return start(directory, main, all.toArray(String[]::new));
	}

	/**
	 * Starts a service with so much heap, such as {@code 192m}, as
	 * {@link #startService(Path, Class, String, String...)} does. When it is too little,
	 * the process ends.
	 */
	public static JavaProcess startServiceWithHeap(Path directory, String heap, Class<?> main, String brokerAddress)
			throws IOException {
		return new JavaProcess(
				directory, List.of("-Xmx" + heap, "-XX:+ExitOnOutOfMemoryError", "-cp",
						System.getProperty("java.class.path"), main.getName()),
				"--server.port=0", "--spring.rabbitmq.addresses=" + brokerAddress);
	}

	/**
	 * Starts a broker whose disk store is in the directory, also after an earlier one.
	 * @param port the AMQP port, or 0 for a free one
	 */
	public static JavaProcess startBroker(Path directory, int port) throws IOException {
		return start(directory, EmbeddedBrokerApplication.class, "--server.port=0", "--warren.broker.port=" + port);
	}

	/**
	 * Waits until it answers over HTTP.
	 * @return the port
	 */
	public int awaitHttpPort() {
		return Integer.parseInt(await(HTTP_PORT));
	}

	/**
	 * Waits until a broker accepts connections.
	 * @return the port
	 */
	public int awaitAmqpPort() {
		return Integer.parseInt(await(AMQP_PORT));
	}

	/**
	 * Waits until its output has a pattern.
	 * @return what the pattern's first group matched
	 */
	public String await(Pattern pattern) {
		return Awaitility.await().atMost(PATIENCE).until(() -> {
			// Asked first: a process that ends has written everything.
			boolean alive = isAlive();
			Matcher matcher = pattern.matcher(output());
			if (matcher.find()) {
				return matcher.group(1);
			}
			if (!alive) {
				throw new AssertionError("The process has ended: " + tail());
			}
			return "";
		}, (found) -> !found.isEmpty());
	}

	/**
	 * Everything it has written.
	 */
	public String output() {
		try {
			return Files.readString(this.output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Kills it with SIGKILL and waits until it has ended.
	 */
	public void kill() throws InterruptedException {
		this.process.destroyForcibly();
		awaitExit();
	}

	/**
	 * Asks it to stop, as Ctrl-C does, with SIGTERM, and waits until it has.
	 * @return its exit code
	 */
	public int terminate() throws InterruptedException {
		this.process.destroy();
		return awaitExit();
	}

	/**
	 * Freezes it with SIGSTOP: its sockets stay open and nobody answers.
	 */
	public void freeze() throws IOException, InterruptedException {
		signal("STOP");
	}

	/**
	 * Lets it go on after {@link #freeze()}, with SIGCONT.
	 */
	public void thaw() throws IOException, InterruptedException {
		signal("CONT");
	}

	/**
	 * Waits until it has ended.
	 * @return its exit code
	 */
	public int awaitExit() throws InterruptedException {
		if (!this.process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
			throw new AssertionError("The process still runs: " + tail());
		}
		return this.process.exitValue();
	}

	private void signal(String name) throws IOException, InterruptedException {
		int exitCode = new ProcessBuilder("kill", "-" + name, String.valueOf(this.process.pid())).start().waitFor();
		if (exitCode != 0) {
			throw new AssertionError("SIG" + name + " did not reach the process: " + tail());
		}
	}

	private String tail() {
		String output = output();
		return "\n" + output.substring(Math.max(0, output.length() - TAIL));
	}

	@Override
	public void close() {
		this.process.destroyForcibly().onExit().join();
	}

}
