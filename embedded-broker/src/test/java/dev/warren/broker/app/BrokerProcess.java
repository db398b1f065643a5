package dev.warren.broker.app;

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

import dev.warren.broker.EmbeddedBroker;
import org.awaitility.Awaitility;

/**
 * The app as a process of its own, on free ports.
 */
public final class BrokerProcess implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	private static final Pattern AMQP = Pattern.compile("accepts AMQP connections at 127\\.0\\.0\\.1:(\\d+)");

	private static final Pattern HTTP = Pattern.compile("Tomcat started on port (\\d+)");

	private final Process process;

	private final Path output;

	private BrokerProcess(Process process, Path output) {
		this.process = process;
		this.output = output;
	}

	/**
	 * Starts the app from the class path of the tests.
	 */
	public static BrokerProcess fromClassPath(Path directory, String... arguments) throws IOException {
		return start(directory,
				List.of("-cp", System.getProperty("java.class.path"), EmbeddedBrokerApplication.class.getName()),
				arguments);
	}

	/**
	 * Starts the executable jar.
	 */
	static BrokerProcess fromJar(Path jar, Path directory, String... arguments) throws IOException {
		return start(directory, List.of("-jar", jar.toString()), arguments);
	}

	/**
	 * Starts the broker without the app around it, which takes half the time. Its disk
	 * store is the directory {@code data}.
	 */
	static BrokerProcess ofBrokerOnly(Path directory) throws IOException {
		return ofMain(BrokerOnly.class, directory);
	}

	/**
	 * Starts a main class of the tests.
	 */
	static BrokerProcess ofMain(Class<?> mainClass, Path directory, String... arguments) throws IOException {
		return start(directory, List.of("-cp", System.getProperty("java.class.path"), mainClass.getName()), arguments);
	}

	private static BrokerProcess start(Path directory, List<String> program, String... arguments) throws IOException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		// These processes live for seconds: the optimizing compiler would not pay off.
		command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
		command.addAll(List.of("-Dwarren.broker.port=0", "-Dserver.port=0"));
		command.addAll(program);
		command.addAll(List.of(arguments));
		Path output = Files.createTempFile(directory, "broker", ".out");
		Process process = new ProcessBuilder(command).directory(directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		return new BrokerProcess(process, output);
	}

	public String awaitUri() {
		return "amqp://guest:guest@127.0.0.1:" + await(AMQP);
	}

	public String awaitHealthUrl() {
		return "http://127.0.0.1:" + await(HTTP) + "/actuator/health";
	}

	private String await(Pattern pattern) {
		return Awaitility.await().atMost(TIMEOUT).until(() -> {
			Matcher matcher = pattern.matcher(output());
			if (matcher.find()) {
				return matcher.group(1);
			}
			if (!this.process.isAlive()) {
				throw new IllegalStateException("The app has ended: " + output());
			}
			return "";
		}, (found) -> !found.isEmpty());
	}

	public String output() {
		try {
			return Files.readString(this.output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public void kill() throws InterruptedException {
		close();
		awaitExit();
	}

	int terminate() throws InterruptedException {
		this.process.destroy();
		return awaitExit();
	}

	int awaitExit() throws InterruptedException {
		if (!this.process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
			throw new IllegalStateException("The app still runs: " + output());
		}
		return this.process.exitValue();
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

	static final class BrokerOnly {

		private BrokerOnly() {
		}

		public static void main(String[] args) {
			EmbeddedBroker broker = EmbeddedBroker.builder().diskStore(Path.of("data")).start();
			System.out.println("The broker accepts AMQP connections at " + broker.host() + ":" + broker.port());
		}

	}

}
